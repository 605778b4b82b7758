// A picture that Python lays out for the pixels that there are (room.py).

// Asks Python for a picture as wide as this view, once for each width: the same view may be shown twice, in places of
// different widths, and the two would else ask for ever. After a reset, which forgets the room, it is asked once more.
export const askForRoom = (view) => {
  const { state, width, latest } = view;
  if (state.drawn_for === width || (latest.room === width && view.get("room") !== 0)) return;
  latest.room = width;
  queueMicrotask(() => view.send({ room: width }));
};
