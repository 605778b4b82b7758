// What all views share in the browser: the object `lab`. Python puts the constants NAME, TRAITS, MEASURES, COLOURS,
// ATTRIBUTES, NOTICES and TEXT in front of this file, the view's own files behind it; together they are one ES module.
//
// A view's own file ends in
//
//   export default lab.view({
//     stage:    (view) => node | [nodes],   // the picture; required
//     controls: (view) => [nodes],          // the row below it
//     entry:    (view) => [nodes],          // fields between header and stage; they stay when the state is a notice
//     sentence: (view) => runs,             // the header's sentence, where it is not state.sentence
//     meta:     (view) => text,             // the facts beside the title, where they are not state.meta
//     keys:     { a: (view) => …, "[": … }, // keys that act anywhere in the view, except while typing in a field
//     start:    { scrub: 0 },               // first value of view.ui
//     mounted:  (view) => stop,             // once, after the first drawing; what it returns is called at the end
//   });
//
// `stage` and `controls` are pure functions of what they read from `view`; they run again after every change (at most
// once a frame), and only what differs is touched in the page: focus, typing and CSS transitions live on.
//
//   view.state        what Python computed (title, sentence, meta and the view's own data)
//   view.get(name)    a trait: a setting or a selection
//   view.send({…})    change traits; settings make Python compute (latest wins: while Python works, later changes
//                     are gathered and sent as one)
//   view.ui           what only the browser knows (hover, an open panel); view.set({…}) changes it and redraws
//   view.width        pixels for the stage, 640 to 1200;   view.dark, view.still   theme; "no motion" was asked for
//   view.memo(name, dependencies, make)   the nodes made before if no dependency (compared by ===) has changed;
//                     wrap what is large and does not depend on the hover
//   view.play(name, milliseconds, step)   call step() again and again until it returns false; view.stop(name);
//                     view.playing(name). Everything is stopped when the view goes away
//                     (while it plays, a screen reader hears the sentence every few seconds only: shared_speech.js)
//   view.reset()      settings, selections and ui as they were at first
//
// Nodes: `h(tag, attributes, ...children)`; attributes beginning with "on" are listeners; `key` tells siblings apart.
// Drawing words with the names and options of widgets/picture.py: svg rect circle line path text group. Colours are
// names of the palette ("blue", "quiet", "wash"; see widgets/palette.py) and follow the theme by themselves.
//
// A view's own file may be several: `import { layout } from "./die_layout.js";` takes what that file exports by
// `export const`. Python makes one module of them (widgets/browser_module.py).
//
// Escape: `keys.Escape` takes back what can be taken back (a hover, a choice); pressed where that changes nothing, it
// leaves the view for the notebook's cell. `lab.playPause` is the key that presses the player's button.
//
// Keyboard: give each element that can be clicked `...cell("grid name", row, column, "what it is", current)`. One of a
// grid is reached by Tab, the arrow keys, Home and End walk to the others, Enter and Space click. Focus and hover are
// alike if you set both `onfocus` and `onpointerenter`; put what they tell in the one place kept free for it.
import { clamp, fit, fixed, number, range, textWidth, thousands, wrap } from "./shared_text.js";
import { h } from "./shared_nodes.js";
import { circle, colour, group, line, path, plain, rect, rich, small, svg, text, tint } from "./shared_drawing.js";
import { unpack } from "./shared_arrays.js";
import { button, checkbox, field, menu, player, playPause, readout, reset, segmented, slider, stepper } from "./shared_controls.js";
import { cell } from "./shared_grid.js";
import { view } from "./shared_view.js";

export const lab = {
  view,
  h, svg, rect, circle, line, path, text, group, small, rich, plain, colour, tint,
  number, fixed, thousands, range, clamp, textWidth, fit, wrap, unpack,
  button, stepper, segmented, slider, checkbox, menu, field, reset, player, playPause, readout, cell,
};
