'use strict';

const byId = (id) => document.getElementById(id);

// Makes an element. Whatever comes from the run gets into the page as text, here, and in no other way.
function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element && name !== 'list') {
      element[name] = value;
    } else {
      element.setAttribute(name, value);
    }
  }
  element.append(...children);
  return element;
}

const number = (value) => value.toLocaleString('en-US');

const pad = (value, length) => String(value).padStart(length, '0');

// The run's own clock: its offset from UTC, whatever that of the reader is.
const clock = (micros) => new Date(run.begin + run.offset * 60000 + micros / 1000);

function dateOf(micros) {
  const time = clock(micros);
  return `${time.getUTCFullYear()}-${pad(time.getUTCMonth() + 1, 2)}-${pad(time.getUTCDate(), 2)}`;
}

// As fine as a step of so many microseconds asks for.
function timeOf(micros, step = 1000) {
  const time = clock(micros);
  const minutes = `${pad(time.getUTCHours(), 2)}:${pad(time.getUTCMinutes(), 2)}`;
  const seconds = `${minutes}:${pad(time.getUTCSeconds(), 2)}`;
  if (step >= 60e6) {
    return minutes;
  }
  if (step >= 1e6) {
    return seconds;
  }
  const fraction = `${seconds}.${pad(time.getUTCMilliseconds(), 3)}`;
  return step >= 1000 ? fraction : fraction + pad(Math.floor(((micros % 1000) + 1000) % 1000), 3);
}

function offsetName() {
  const minutes = Math.abs(run.offset);
  return run.offset === 0 ? 'UTC' : `UTC${run.offset < 0 ? '−' : '+'}${pad(Math.floor(minutes / 60), 2)}:${pad(minutes % 60, 2)}`;
}

function durationOf(micros) {
  if (micros < 0) {
    return '−' + durationOf(-micros);
  }
  if (micros < 1000) {
    return `${Math.round(micros)} µs`;
  }
  if (micros < 1e6) {
    return `${+(micros / 1000).toPrecision(3)} ms`;
  }
  if (micros < 60e6) {
    return `${+(micros / 1e6).toPrecision(3)} s`;
  }
  const seconds = Math.round(micros / 1e6);
  const hours = Math.floor(seconds / 3600);
  return hours > 0 ? `${hours} h ${Math.floor(seconds / 60) % 60} min` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

const rateOf = (perSecond) => perSecond >= 100 ? number(Math.round(perSecond)) : `${+perSecond.toPrecision(3)}`;

const laneName = (lane) => lane < 0 ? 'no worker' : run.lanes[lane].name;

// Colours of the style sheet; asking for one takes longer than drawing with it.
const palette = new Map();

function colour(name) {
  if (!palette.has(name)) {
    palette.set(name, getComputedStyle(document.documentElement).getPropertyValue(`--${name.toLowerCase()}`).trim());
  }
  return palette.get(name);
}

function legend(list, names, texts = names) {
  list.replaceChildren(...names.map((name, i) => {
    const swatch = make('span', { className: 'swatch' });
    swatch.style.background = `var(--${name.toLowerCase()})`;
    return make('li', {}, swatch, texts[i]);
  }));
}

// Tells a screen reader.
const say = (text) => { byId('said').textContent = text; };
