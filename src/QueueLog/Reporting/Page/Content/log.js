'use strict';

// The records, as many of them as fit the filters; of these only the rows that can be seen are in the page.
const log = (() => {
  const ROW = 22;
  const { records, texts } = run;
  const frame = byId('records');
  const space = byId('records-space');
  const filters = { text: byId('filter-text'), level: byId('filter-level'), worker: byId('filter-worker'), item: byId('filter-item'), range: byId('filter-range') };
  let found = [];
  let active = -1;
  // What a button shows, beside the filters: a test, and what it is called.
  let chosen = null;

  const COLUMNS = [
    { name: 'Time', value: (i) => `${dateOf(records.time[i])} ${timeOf(records.time[i])}` },
    { name: 'Level', value: levelName },
    { name: 'Process', value: (i) => texts[records.process[i]] },
    { name: 'Item', value: (i) => records.item[i] < 0 ? '' : records.item[i] },
    { name: 'Message', value: (i) => records.message[i] },
    { name: 'Exception', value: (i) => records.exception[i] ?? '' },
  ];

  function textFilter(text) {
    const expression = /^\/(.+)\/$/.exec(text);
    if (expression) {
      try {
        const pattern = new RegExp(expression[1], 'i');
        return (i) => pattern.test(records.message[i]) || pattern.test(records.exception[i] ?? '');
      } catch {
        // Not finished yet: a text like another.
      }
    }
    const sought = text.toLowerCase();
    return (i) => records.message[i].toLowerCase().includes(sought) || (records.exception[i] ?? '').toLowerCase().includes(sought);
  }

  function filter() {
    const tests = [];
    const level = +filters.level.value;
    if (level >= 0) {
      tests.push((i) => records.level[i] >= level);
    }
    const [kind, which] = filters.worker.value.split(':');
    if (kind === 'lane') {
      tests.push((i) => records.lane[i] === +which);
    } else if (kind === 'process') {
      tests.push((i) => records.process[i] === +which);
    }
    if (filters.item.value !== '') {
      const item = +filters.item.value;
      tests.push((i) => records.item[i] === item);
    }
    if (filters.range.checked) {
      tests.push((i) => records.time[i] >= view.from && records.time[i] <= view.to);
    }
    if (chosen) {
      tests.push(chosen.test);
    }
    if (filters.text.value !== '') {
      tests.push(textFilter(filters.text.value));
    }
    found = [];
    for (let i = 0; i < records.count; i++) {
      if (tests.every((test) => test(i))) {
        found.push(i);
      }
    }
    active = -1;
    byId('record').replaceChildren();
    byId('log-count').textContent = `${number(found.length)} of ${number(records.count)} records${chosen ? `, ${chosen.name}` : ''}`;
    space.style.height = `${found.length * ROW}px`;
    frame.setAttribute('aria-rowcount', found.length);
    draw();
  }

  function draw() {
    const first = Math.max(0, Math.floor(frame.scrollTop / ROW) - 5);
    const last = Math.min(found.length, Math.ceil((frame.scrollTop + frame.clientHeight) / ROW) + 5);
    const rows = [];
    for (let place = first; place < last; place++) {
      rows.push(rowOf(place));
    }
    space.replaceChildren(...rows);
  }

  function rowOf(place) {
    const i = found[place];
    const cell = (text, className = '') => make('span', { role: 'cell', className }, text);
    const row = make('div', { role: 'row', className: place === active ? 'row active' : 'row', 'aria-rowindex': place + 1, onclick: () => activate(place) },
      cell(timeOf(records.time[i])),
      cell(levelName(i), `level level-${records.level[i]}`),
      cell(texts[records.process[i]]),
      cell(records.item[i] < 0 ? '' : `#${records.item[i]}`),
      cell(records.message[i].slice(0, 500).replace(/\s*\n\s*/g, ' ⏎ ')));
    row.style.top = `${place * ROW}px`;
    return row;
  }

  // Shows a record whole, with the way to its lane.
  function activate(place) {
    if (place < 0 || place >= found.length) {
      return;
    }
    active = place;
    const i = found[place];
    if (place * ROW < frame.scrollTop || (place + 1) * ROW > frame.scrollTop + frame.clientHeight) {
      frame.scrollTop = place * ROW - frame.clientHeight / 2;
    }
    byId('record').replaceChildren(
      make('pre', { tabIndex: 0, ariaLabel: 'Record' }, `${dateOf(records.time[i])} ${timeOf(records.time[i])} ${levelName(i)} ${texts[records.process[i]]}\n${records.message[i]}${records.exception[i] ? '\n\n' + records.exception[i] : ''}`),
      make('div', { className: 'bar screen' },
        ...(records.lane[i] >= 0 ? [make('button', { type: 'button', onclick: () => toLane(i) }, 'Show on the timeline')] : []),
        ...(records.item[i] >= 0 ? [make('button', { type: 'button', onclick: () => timeline.goTo(records.item[i]) }, `Item ${records.item[i]}`)] : [])));
    draw();
  }

  function toLane(i) {
    const time = records.time[i];
    const { items } = run;
    let item = lowerBound(items.start, time + 1) - 1;
    while (item >= 0 && items.start[item] >= time - items.longest && (items.lane[item] !== records.lane[i] || items.end[item] < time)) {
      item--;
    }
    if (item >= 0 && items.lane[item] === records.lane[i] && items.end[item] >= time) {
      timeline.select(item);
    } else {
      view.show(time, time);
    }
    byId('time').scrollIntoView({ block: 'start' });
    byId('lanes').focus({ preventScroll: true });
  }

  function show(settings, choice = null) {
    byId('filters').reset();
    Object.assign(filters.worker, settings.worker === undefined ? {} : { value: settings.worker });
    Object.assign(filters.item, settings.item === undefined ? {} : { value: settings.item });
    Object.assign(filters.text, settings.text === undefined ? {} : { value: settings.text });
    chosen = choice;
    frame.scrollTop = 0;
    filter();
    byId('log').scrollIntoView({ block: 'start' });
    byId('log-heading').focus({ preventScroll: true });
  }

  filters.level.append(make('option', { value: '-1' }, 'all'), ...LEVELS.map((name, level) => make('option', { value: String(level) }, name)));
  const processes = [...new Set(records.process)].filter((process) => !run.lanes.some((lane) => lane.name === texts[process]));
  filters.worker.append(
    make('option', { value: '' }, 'all'),
    ...run.lanes.map((lane, i) => make('option', { value: `lane:${i}` }, lane.name)),
    ...processes.map((process) => make('option', { value: `process:${process}` }, texts[process] || '(unnamed)')));

  let waiting = 0;
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 120);
  };
  byId('filters').addEventListener('input', soon);
  byId('filters').addEventListener('submit', (event) => event.preventDefault());
  byId('filters').addEventListener('reset', () => {
    chosen = null;
    setTimeout(filter);
  });
  view.changed.push(() => filters.range.checked && soon());
  frame.addEventListener('scroll', () => requestAnimationFrame(draw));
  new ResizeObserver(draw).observe(frame);
  frame.addEventListener('keydown', (event) => {
    const page = Math.floor(frame.clientHeight / ROW);
    const keys = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: Math.min(active + page, found.length - 1), PageUp: Math.max(active - page, 0), Home: 0, End: found.length - 1 };
    if (keys[event.key] !== undefined) {
      event.preventDefault();
      activate(keys[event.key]);
    } else if (event.key === 'Enter' && active >= 0 && records.lane[found[active]] >= 0) {
      toLane(found[active]);
    }
  });
  byId('log-copy').onclick = () => copy(csvOf(COLUMNS, found));
  byId('log-save').onclick = () => save(csvOf(COLUMNS, found), 'log.csv');
  filter();

  return {
    showItem: (item) => {
      const index = run.items.index[item];
      show({ item: index }, run.items.index.indexOf(index) === run.items.index.lastIndexOf(index) ? null : { name: 'of this run', test: recordTest(item) });
    },
    showAround: (item) => show({ worker: run.items.lane[item] < 0 ? '' : `lane:${run.items.lane[item]}` }, {
      name: 'around an item',
      test: (i) => records.time[i] >= run.items.start[item] - 1e6 && records.time[i] <= run.items.end[item] + 1e6,
    }),
    showText: (text) => show({ text }),
  };
})();
