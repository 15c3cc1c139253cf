'use strict';

// Head, tables and the buttons; the charts are there already.
(() => {
  const { items, statuses, durations } = run;
  document.title = `${run.title}: QueueLog report`;
  byId('title').textContent = run.title;
  byId('when').textContent = `${dateOf(0)} ${timeOf(0, 1e6)} to ${dateOf(run.length) === dateOf(0) ? '' : dateOf(run.length) + ' '}${timeOf(run.length, 1e6)} (${offsetName()}), ${durationOf(run.length)}`;
  byId('made').textContent = `Made ${run.written.slice(0, 19).replace('T', ' ')} on ${run.host} by QueueLog ${run.version}, ${run.runtime}, ${run.system}. From ${run.sources.join('; ')}.`;

  byId('notes').hidden = run.notes.length === 0;
  byId('notes-list').append(...run.notes.map((note) => make('li', {}, note)));

  // Head.
  const total = Object.values(statuses).reduce((sum, count) => sum + count, 0);
  const failed = (statuses.Failed ?? 0) + (statuses.TimedOut ?? 0) + (statuses.Crashed ?? 0);
  const busy = run.lanes.reduce((sum, lane) => sum + lane.busy, 0);
  let first = Infinity;
  let last = -Infinity;
  for (let i = 0; i < items.count; i++) {
    first = Math.min(first, items.start[i]);
    last = Math.max(last, items.end[i]);
  }
  const work = Math.max(last - first, 1);
  const tile = (value, text, id, isBad = false) => make('div', { className: isBad ? 'tile bad' : 'tile', id: `tile-${id}` }, make('b', {}, value), make('span', {}, text));
  const tiles = [];
  if (total > 0) {
    tiles.push(tile(number(total), 'items', 'items'));
    STATUSES.forEach((status, i) => {
      if (statuses[status]) {
        tiles.push(tile(number(statuses[status]), STATUS_NAMES[i], status.toLowerCase(), i >= 1 && i <= 3));
      }
    });
    tiles.push(tile(number(run.retries), run.retries === 1 ? 'retry' : 'retries', 'retries'));
    tiles.push(tile(rateOf(total / (work / 1e6)), 'items/s', 'rate'));
    tiles.push(tile(durationOf(durations.median), 'median duration', 'median'));
  }
  tiles.push(tile(durationOf(run.length), 'from first to last', 'length'));
  if (run.lanes.length > 0) {
    tiles.push(tile(number(run.lanes.length), `workers${total > 0 ? `, ${Math.round(100 * busy / (work * run.lanes.length))} % busy` : ''}`, 'workers'));
    tiles.push(tile(number(run.lanes.reduce((sum, lane) => sum + lane.processes.length, 0)), 'worker processes', 'processes'));
  }
  LEVELS.forEach((name, level) => {
    if (run.levels[level]) {
      tiles.push(tile(number(run.levels[level]), `${name} records`, `level-${level}`, level >= 4));
    }
  });
  if (run.audit.length) {
    const bad = run.audit.filter((check) => check.status === 'Incomplete' || check.status === 'Disordered').length;
    const unknown = run.audit.every((check) => check.subject === 'File' || check.status === 'Unchecked');
    tiles.push(tile(bad ? 'incomplete' : unknown ? 'not known' : 'complete', 'the log, by Test-QueueLog', 'audit', bad > 0));
  }
  byId('tiles').append(...tiles);

  // Tables.
  const present = STATUSES.map((_, i) => i).filter((status) => items.status.includes(status));
  legend(byId('status-legend'), present.map((status) => STATUSES[status]), present.map((status) => STATUS_NAMES[status]));
  byId('status-legend').append(...['│ a process started', '✕ it ended; in red, it died or was killed'].map((text) => make('li', {}, text)));

  const slowest = Array.from({ length: items.count }, (_, i) => i).sort((a, b) => items.duration[b] - items.duration[a]).slice(0, 20);
  showTable('slowest', slowest.length < 20 ? 'All items, the slowest first' : 'The slowest 20 items', [
    { name: 'Item', value: (i) => items.index[i], cell: (i) => itemButton(items.index[i]), isNumber: true },
    { name: 'Duration', value: (i) => durationOf(items.duration[i]), isNumber: true },
    { name: 'Status', isShort: true, value: (i) => STATUS_NAMES[items.status[i]] },
    { name: 'Worker', isShort: true, value: (i) => laneName(items.lane[i]) },
    { name: 'Started', isShort: true, value: (i) => timeOf(items.start[i]) },
    { name: 'Input', value: (i) => items.input[i] },
  ], slowest, 'slowest.csv');
  byId('durations').hidden = items.count === 0;

  if (run.failures.length === 0) {
    byId('failure-table').append(make('p', {}, failed ? '' : 'Nothing failed.'));
  } else {
    showTable('failure-table', 'What failed, the commonest first', [
      { name: 'Count', value: (group) => group.count, isNumber: true },
      { name: 'Of', isShort: true, value: (group) => group.kind === 'Items' ? 'items' : 'records' },
      { name: 'What', value: (group) => group.template, cell: (group) => make('span', { title: group.example }, group.template) },
      { name: 'First', isShort: true, value: (group) => timeOf(group.first, 1e6) },
      { name: 'Last', isShort: true, value: (group) => timeOf(group.last, 1e6) },
      { name: 'Items', value: (group) => group.items.join(' '), cell: (group) => make('span', {}, ...group.items.flatMap((index) => [itemButton(index), ' '])) },
      { name: 'Inputs', value: (group) => group.inputs.filter(Boolean).join('; ') },
    ], run.failures, 'failures.csv');
  }

  showTable('worker-table', 'Workers', [
    { name: 'Worker', isShort: true, value: (lane) => lane.name },
    { name: 'Items', value: (lane) => lane.items, isNumber: true },
    { name: 'Failed', value: (lane) => lane.failures, isNumber: true },
    { name: 'Busy', value: (lane) => durationOf(lane.busy), isNumber: true },
    { name: 'Processes', value: (lane) => lane.processes.length, isNumber: true },
    { name: 'Ends', value: (lane) => lane.processes.filter((life) => life.end && life.end !== 'ended').slice(0, 5).map((life) => `${life.pid} ${life.end}`).join('; ') },
  ], run.lanes, 'workers.csv');
  byId('workers').hidden = run.lanes.length === 0;
  byId('time').hidden = run.lanes.length === 0 && run.timeline.start.length === 0;

  showTable('audit-table', 'What Test-QueueLog says', [
    { name: 'Status', isShort: true, value: (check) => check.status },
    { name: 'What', isShort: true, value: (check) => check.subject },
    { name: 'Name', value: (check) => check.name ?? '' },
    { name: 'Records', value: (check) => check.count, isNumber: true },
    { name: 'Missing', value: (check) => check.missing, isNumber: true },
    { name: 'Twice', value: (check) => check.repeated, isNumber: true },
    { name: 'Out of order', value: (check) => check.disordered, isNumber: true },
    { name: 'Torn', value: (check) => check.torn, isNumber: true },
    { name: 'Note', value: (check) => check.note ?? '' },
  ], run.audit, 'audit.csv');
  byId('audit').hidden = run.audit.length === 0;
  byId('log').hidden = run.records.count === 0;
  byId('log-print').textContent = `${number(run.records.count)} records. The page on a screen shows them.`;

  // Buttons.
  byId('zoom-in').onclick = () => view.zoom(0.5);
  byId('zoom-out').onclick = () => view.zoom(2);
  byId('zoom-all').onclick = () => view.all();
  byId('next-failure').onclick = () => timeline.nextFailure();
  byId('go-to-item').onchange = (event) => event.target.value !== '' && timeline.goTo(+event.target.value);
  view.changed.push(() => {
    const step = (view.to - view.from) / 100;
    byId('range').textContent = `${timeOf(view.from, step)} to ${timeOf(view.to, step)}, ${durationOf(view.to - view.from)}`;
  });

  // Light or dark as the system has it, until a choice is made here; light on paper.
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const paper = matchMedia('print');
  let chosen = null;
  const applyTheme = () => {
    const isDark = !paper.matches && (chosen ?? dark.matches);
    document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
    palette.clear();
    byId('theme').ariaPressed = String(isDark);
    charts.forEach((it) => it.drawNow());
  };
  byId('theme').onclick = () => {
    chosen = !(chosen ?? dark.matches);
    applyTheme();
  };
  dark.addEventListener('change', applyTheme);
  paper.addEventListener('change', applyTheme);
  applyTheme();
  view.all();
})();
