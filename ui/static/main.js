// What the page does in the browser, besides Gradio: the theme, places in the address, buttons of the pages, the chat's own
// buttons, and sources that show themselves. No library, nothing from elsewhere.

import "./theme.js";
import "./places.js";
import "./posts.js";
import "./planning.js";
import "./chat.js";
import "./history.js";
import "./peek.js";
import "./unanswered.js";
import "./review.js";
