// @ts-check
// Drawing on a canvas: sharp on any screen, text in the page's font.

/**
 * A canvas of this height, sharp on this screen; null when it cannot be drawn on.
 * @param {HTMLCanvasElement} canvas @param {number} height
 */
export function fittedCanvas(canvas, height) {
  const sharp = window.devicePixelRatio || 1;
  const [w, h] = [Math.round(canvas.clientWidth * sharp), Math.round(height * sharp)];
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) {
    canvas.height = h;
    canvas.style.height = `${height}px`;
  }
  const ink = canvas.getContext("2d");
  if (!ink || !w) return null;
  ink.setTransform(sharp, 0, 0, sharp, 0, 0);
  ink.clearRect(0, 0, canvas.clientWidth, height);
  return ink;
}

/**
 * @param {CanvasRenderingContext2D} ink @param {string} words @param {number} x @param {number} y @param {string} colour
 * @param {string} font @param {CanvasTextAlign} [align]
 */
export function inkText(ink, words, x, y, colour, font, align = "left") {
  ink.font = `${font} system-ui, sans-serif`;
  ink.textAlign = align;
  ink.fillStyle = colour;
  ink.fillText(words, x, y);
}
