// Shows the widgets of a page: html-manager does the work, this says in which order.
//
// Its own way in (the end of embed-amd.js, cut off by wbviz/site/runtime.py) waits until everything else has loaded, and
// then makes all widgets of the page at once: the first one is seen when the last one is done. Here they come one by one,
// from the top, and the browser draws in between.
"use strict";

(() => {
  const STATE = 'script[type="application/vnd.jupyter.widget-state+json"]';
  const VIEW = 'script[type="application/vnd.jupyter.widget-view+json"]';

  /** A module by its name, from where `require.config` says; nowhere else is looked. */
  const load = (name) => new Promise((resolve, reject) => window.requirejs([name], resolve, reject));
  const drawn = () => new Promise((resolve) => setTimeout(resolve));

  const show = async () => {
    const state = document.querySelector(STATE);
    if (!state) return;
    const { HTMLManager } = await load("@jupyter-widgets/html-manager");
    await load("@jupyter-widgets/html-manager/dist/libembed-amd"); // for its style sheets
    const manager = new HTMLManager({ loader: load });
    const models = await manager.set_state(JSON.parse(state.textContent));
    const named = new Map(models.map((model) => [model.model_id, model]));
    for (const script of document.querySelectorAll(VIEW)) {
      const model = named.get(JSON.parse(script.textContent).model_id);
      if (!model) continue;
      const place = document.createElement("div");
      place.className = "widget-subarea";
      script.before(place);
      manager.display_view(await manager.create_view(model), place);
      await drawn();
    }
  };

  show().catch((error) => console.error("The widgets of this page could not be shown.", error));
})();
