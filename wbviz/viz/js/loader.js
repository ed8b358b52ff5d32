// @ts-check
// What each widget carries as its own module: it takes the code of all widgets from the one model in the page that holds
// it, so that a dozen players in a page do not mean a dozen copies.

/** @param {any} code the model that holds script and style */
function load(code) {
  const script = code.get("script");
  const page = /** @type {{wbvizModules?: Map<string, Promise<any>>}} */ (globalThis);
  const modules = (page.wbvizModules ??= new Map());
  let module = modules.get(script);
  if (!module) {
    const style = document.createElement("style");
    style.textContent = code.get("style");
    document.head.append(style);
    const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    module = import(url).finally(() => URL.revokeObjectURL(url));
    modules.set(script, module);
  }
  return module;
}

export default {
  /** @param {{model: any, el: HTMLElement}} context */
  async render({ model, el }) {
    const code = await model.widget_manager.get_model(model.get("code").replace("IPY_MODEL_", ""));
    const { render } = await load(code);
    return render({ model, el });
  },
};
