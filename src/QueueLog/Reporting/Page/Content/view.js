'use strict';

// The stretch of time that all charts of the timeline show, and how they are drawn and moved.
const view = {
  from: 0,
  to: run.length,
  changed: [],

  set(from, to) {
    const length = Math.min(Math.max(to - from, 20), run.length * 1.04);
    const margin = run.length * 0.02;
    this.from = Math.min(Math.max(from, -margin), run.length + margin - length);
    this.to = this.from + length;
    this.changed.forEach((notify) => notify());
  },

  zoom(factor, at = (this.from + this.to) / 2) {
    this.set(at - (at - this.from) * factor, at + (this.to - at) * factor);
  },

  pan(part) {
    const by = (this.to - this.from) * part;
    this.set(this.from + by, this.to + by);
  },

  all() {
    this.set(-run.length * 0.02, run.length * 1.02);
  },

  // Moves as little as needed, and zooms in where a stretch would be too small to be seen.
  show(from, to) {
    const length = this.to - this.from;
    if (to - from > length || to - from < length / 200) {
      const room = Math.max((to - from) * 2, 1000);
      this.set(from - room, to + room);
    } else if (from < this.from || to > this.to) {
      this.set((from + to - length) / 2, (from + to + length) / 2);
    }
  },
};

// Left of each chart is room for names and numbers, equally wide, so that equal times stand below each other.
// Worker-10@web2 needs more of it than Worker-1, and so does Worker-1 (4711).
const NAME_LENGTH = run.lanes.some((lane) => lane.name.length > 15) ? 22 : 15;
const GUTTER = NAME_LENGTH * 7;
const AXIS = 20;

const charts = [];

// A canvas that is drawn anew, once a frame at most, when the view, the theme or its size changes.
function chart(canvas, draw) {
  const it = { canvas, width: 0, height: 0, isDue: false };
  it.context = canvas.getContext('2d');
  it.redraw = () => {
    if (!it.isDue) {
      it.isDue = true;
      requestAnimationFrame(() => {
        it.isDue = false;
        it.drawNow();
      });
    }
  };
  it.drawNow = () => {
    const ratio = devicePixelRatio || 1;
    it.width = canvas.clientWidth;
    it.height = canvas.clientHeight;
    if (canvas.width !== Math.round(it.width * ratio) || canvas.height !== Math.round(it.height * ratio)) {
      canvas.width = Math.round(it.width * ratio);
      canvas.height = Math.round(it.height * ratio);
    }
    it.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    it.context.clearRect(0, 0, it.width, it.height);
    it.context.font = '12px system-ui, sans-serif';
    draw(it.context, it);
  };
  it.x = (micros) => GUTTER + (micros - view.from) / (view.to - view.from) * (it.width - GUTTER);
  it.time = (x) => view.from + (x - GUTTER) / (it.width - GUTTER) * (view.to - view.from);
  new ResizeObserver(it.redraw).observe(canvas);
  charts.push(it);
  return it;
}

const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 2e6, 5e6, 10e6, 15e6, 30e6,
  60e6, 120e6, 300e6, 600e6, 900e6, 1800e6, 3600e6, 7200e6, 14400e6, 28800e6, 86400e6, 172800e6, 604800e6, 2592000e6, 31536000e6];

// Times below a chart, and a line up from each.
function drawAxis(context, it, bottom) {
  const perPixel = (view.to - view.from) / (it.width - GUTTER);
  const step = STEPS.find((candidate) => candidate / perPixel >= 90) ?? STEPS[STEPS.length - 1];
  // Steps of hours begin at midnight, by the clock of the run.
  const midnight = (run.begin + run.offset * 60000) % 86400000 * 1000;
  context.fillStyle = colour('soft');
  context.strokeStyle = colour('line');
  context.lineWidth = 1;
  context.textAlign = 'center';
  context.beginPath();
  for (let time = Math.ceil((view.from + midnight) / step) * step - midnight; time <= view.to; time += step) {
    const x = Math.round(it.x(time)) + 0.5;
    context.moveTo(x, 0);
    context.lineTo(x, bottom + 4);
    if (x > GUTTER + 20 && x < it.width - 25) {
      context.fillText(step >= 86400e6 ? dateOf(time) : timeOf(time, step), x, bottom + 16);
    }
  }
  context.stroke();
  context.textAlign = 'left';
}

// Wheel, drags and clicks on a chart of the timeline.
function moveBy(element, it, click) {
  let drag = null;
  element.addEventListener('wheel', (event) => {
    const x = event.clientX - it.canvas.getBoundingClientRect().left;
    if (event.ctrlKey || event.metaKey || (document.activeElement === element && !event.shiftKey && event.deltaY && element.scrollHeight <= element.clientHeight)) {
      event.preventDefault();
      view.zoom(Math.exp(Math.max(-60, Math.min(60, event.deltaY)) / 150), it.time(x));
    } else if (event.deltaX || event.shiftKey) {
      event.preventDefault();
      view.pan((event.deltaX || event.deltaY) / it.width);
    }
  }, { passive: false });
  element.addEventListener('pointerdown', (event) => {
    const box = it.canvas.getBoundingClientRect();
    if (event.button === 0 && event.clientX - box.left < box.width) {
      drag = { x: event.clientX - box.left, from: view.from, to: view.to, hasMoved: false, isSelection: event.shiftKey };
      element.setPointerCapture(event.pointerId);
    }
  });
  element.addEventListener('pointermove', (event) => {
    if (!drag) {
      return;
    }
    const x = event.clientX - it.canvas.getBoundingClientRect().left;
    drag.hasMoved ||= Math.abs(x - drag.x) > 3;
    if (drag.hasMoved && !drag.isSelection) {
      const by = (drag.x - x) / (it.width - GUTTER) * (drag.to - drag.from);
      view.set(drag.from + by, drag.to + by);
    }
  });
  element.addEventListener('pointerup', (event) => {
    const x = event.clientX - it.canvas.getBoundingClientRect().left;
    if (drag?.hasMoved && drag.isSelection) {
      view.set(Math.min(it.time(x), it.time(drag.x)), Math.max(it.time(x), it.time(drag.x)));
    } else if (drag && !drag.hasMoved) {
      click?.(event, x);
    }
    drag = null;
  });
  element.addEventListener('dblclick', (event) => view.zoom(0.4, it.time(event.clientX - it.canvas.getBoundingClientRect().left)));
}

function showTip(event, text) {
  const tip = byId('tip');
  tip.hidden = !text;
  if (text) {
    tip.textContent = text;
    const box = byId('time').getBoundingClientRect();
    tip.style.left = `${Math.min(event.clientX - box.left + 14, box.width - Math.min(tip.offsetWidth, 300) - 10)}px`;
    tip.style.top = `${event.clientY - box.top + 16}px`;
  }
}
