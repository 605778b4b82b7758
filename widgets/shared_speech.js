// When a screen reader reads the header's sentence: at every change. While the view plays, and the sentence may change
// many times a second, it is read every few seconds, and when the playing stops.
const SECONDS_OF_SILENCE = 5;

// A function to be asked at every drawing; it returns the sentence's aria-live, and `turn`, which grows with each
// reading of what was passed over in silence: its nodes must be new ones then, because only what is new is read.
export const reader = () => {
  let drawn = "", passedOver = false, last = -Infinity, turn = 0;
  return (text, playing) => {
    const now = performance.now(), changed = text !== drawn;
    drawn = text;
    if (playing && (changed || passedOver) && now - last < 1000 * SECONDS_OF_SILENCE) {
      passedOver = true;
      return { live: "off", turn };
    }
    if (passedOver) turn += 1;
    if (changed || passedOver || !playing) last = now;
    passedOver = false;
    return { live: "polite", turn };
  };
};
