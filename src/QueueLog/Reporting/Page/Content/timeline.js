'use strict';

// A lane for each worker, a bar for each attempt at an item.
const timeline = (() => {
  const frame = byId('lanes');
  const rowHeight = Math.max(9, Math.min(24, Math.floor(440 / Math.max(1, run.lanes.length))));
  const total = run.lanes.length * rowHeight;
  const shownHeight = Math.min(total, 460) + AXIS;
  const { items } = run;
  let selected = -1;

  // What ended badly is drawn last, over the others.
  const ORDER = [5, 4, 8, 7, 0, 6, 2, 3, 1];

  frame.style.height = `${shownHeight}px`;
  byId('timeline').style.height = `${shownHeight}px`;
  byId('lanes-space').style.height = `${Math.max(0, total + AXIS - shownHeight)}px`;

  const it = chart(byId('timeline'), (context) => {
    const bottom = shownHeight - AXIS;
    drawAxis(context, it, bottom);
    context.save();
    context.beginPath();
    context.rect(0, 0, it.width, bottom);
    context.clip();
    const first = Math.floor(frame.scrollTop / rowHeight);
    const last = Math.min(run.lanes.length - 1, Math.floor((frame.scrollTop + bottom) / rowHeight));
    for (let lane = first; lane <= last; lane++) {
      drawLane(context, lane);
    }
    context.beginPath();
    context.rect(GUTTER, 0, it.width - GUTTER, bottom);
    context.clip();
    drawItems(context, first, last);
    for (let lane = first; lane <= last; lane++) {
      drawLives(context, lane);
    }
    drawSelected(context);
    context.restore();
  });

  const top = (lane) => lane * rowHeight - frame.scrollTop;

  function drawLane(context, lane) {
    const y = top(lane);
    context.fillStyle = colour('text');
    context.font = `${Math.min(12, rowHeight)}px system-ui, sans-serif`;
    const name = run.lanes[lane].name;
    context.fillText(name.length > NAME_LENGTH ? name.slice(0, NAME_LENGTH - 1) + '…' : name, 4, y + rowHeight / 2 + 4);
    // Where a process lived there is ground to stand on; where none did there is none.
    context.fillStyle = colour('lane');
    for (const life of run.lanes[lane].processes) {
      const left = Math.max(GUTTER, it.x(life.first));
      const right = Math.min(it.width, it.x(life.last));
      if (right > left) {
        context.fillRect(left, y + 1, Math.max(1, right - left), rowHeight - 2);
      }
    }
  }

  // Bars that touch in the picture are drawn as one, so that a run of any size has no more than there are pixels.
  function drawItems(context, first, last) {
    const bars = STATUSES.map(() => []);
    const latest = STATUSES.map(() => new Array(run.lanes.length));
    const scale = (it.width - GUTTER) / (view.to - view.from);
    const to = lowerBound(items.start, view.to);
    for (let item = lowerBound(items.start, view.from - items.longest); item < to; item++) {
      const lane = items.lane[item];
      if (lane < first || lane > last || items.end[item] < view.from) {
        continue;
      }
      const status = items.status[item];
      const left = Math.max(GUTTER - 2, Math.round(GUTTER + (items.start[item] - view.from) * scale));
      const right = Math.min(it.width + 2, Math.max(Math.round(GUTTER + (items.end[item] - view.from) * scale), left + (isFailure(item) ? 2 : 1)));
      const before = latest[status][lane];
      if (before && left <= before.right && (right - left < 5 || right <= before.right)) {
        before.right = Math.max(before.right, right);
      } else {
        bars[status].push(latest[status][lane] = { lane, left, right });
      }
    }
    const inset = rowHeight > 12 ? 3 : 1;
    const offset = inset - frame.scrollTop;
    for (const status of ORDER) {
      context.fillStyle = colour(STATUSES[status]);
      for (const { lane, left, right } of bars[status]) {
        // Neighbours that are wide enough are told apart by a gap.
        context.fillRect(left, lane * rowHeight + offset, right - left - (right - left > 4 ? 1 : 0), rowHeight - 2 * inset);
      }
    }
  }

  // Births as a line, deaths that nobody asked for as a cross.
  function drawLives(context, lane) {
    const y = top(lane);
    for (const life of run.lanes[lane].processes) {
      const birth = it.x(life.first);
      if (life.born && birth >= GUTTER && birth <= it.width) {
        context.fillStyle = colour('text');
        context.fillRect(birth - 0.5, y + 1, 1, rowHeight - 2);
      }
      const death = it.x(life.last);
      if (life.died && death >= GUTTER && death <= it.width) {
        const size = Math.min(4, rowHeight / 3);
        context.strokeStyle = life.end === 'ended' ? colour('soft') : colour('failed');
        context.lineWidth = 2;
        context.beginPath();
        context.moveTo(death - size, y + rowHeight / 2 - size);
        context.lineTo(death + size, y + rowHeight / 2 + size);
        context.moveTo(death + size, y + rowHeight / 2 - size);
        context.lineTo(death - size, y + rowHeight / 2 + size);
        context.stroke();
      }
    }
  }

  function drawSelected(context) {
    if (selected >= 0 && items.lane[selected] >= 0) {
      const left = it.x(items.start[selected]);
      const right = Math.max(it.x(items.end[selected]), left + 3);
      context.strokeStyle = colour('text');
      context.lineWidth = 2;
      context.strokeRect(left - 1, top(items.lane[selected]) + 1, right - left + 2, rowHeight - 2);
    }
  }

  // The item whose bar is nearest to a place, if it is near.
  function find(x, y) {
    const lane = Math.floor((y + frame.scrollTop) / rowHeight);
    const reach = (view.to - view.from) / (it.width - GUTTER) * 4;
    const time = it.time(x);
    let best = -1;
    let distance = reach;
    for (let item = lowerBound(items.start, time - items.longest - reach); item < items.count && items.start[item] <= time + reach; item++) {
      if (items.lane[item] === lane) {
        const away = Math.max(items.start[item] - time, time - items.end[item], 0);
        if (away < distance || (away === distance && (isFailure(item) || best < 0))) {
          best = item;
          distance = away;
        }
      }
    }
    return best;
  }

  function describe(item) {
    return `Item ${items.index[item]}: ${STATUS_NAMES[items.status[item]]}, ${durationOf(items.duration[item])}, ${laneName(items.lane[item])}`;
  }

  function select(item, isMoved = true) {
    selected = item;
    if (item < 0) {
      it.redraw();
      return;
    }
    if (isMoved) {
      view.show(items.start[item], items.end[item]);
      const y = items.lane[item] * rowHeight;
      if (y < frame.scrollTop || y + rowHeight > frame.scrollTop + shownHeight - AXIS) {
        frame.scrollTop = y - shownHeight / 2;
      }
    }
    say(describe(item));
    showItem(item);
    it.redraw();
  }

  // The next that fits, from the selected one, or else from what is shown.
  function step(by, fits = () => true) {
    let item = selected >= 0 ? selected + by : by > 0 ? lowerBound(items.start, view.from) : lowerBound(items.start, view.to) - 1;
    while (item >= 0 && item < items.count && !fits(item)) {
      item += by;
    }
    if (item >= 0 && item < items.count) {
      select(item);
    } else {
      say('There is none.');
    }
  }

  function nextFailure() {
    step(1, isFailure);
  }

  moveBy(frame, it, (event, x) => {
    const item = find(x, event.clientY - it.canvas.getBoundingClientRect().top);
    if (item >= 0) {
      select(item, false);
    }
  });
  frame.addEventListener('scroll', it.redraw);
  frame.addEventListener('pointermove', (event) => {
    const box = it.canvas.getBoundingClientRect();
    const item = find(event.clientX - box.left, event.clientY - box.top);
    showTip(event, item < 0 ? '' : `${describe(item)}\n${items.input[item].slice(0, 200)}${items.error[item] === undefined ? '' : '\n' + run.texts[items.error[item]].slice(0, 200)}`);
  });
  frame.addEventListener('pointerleave', (event) => showTip(event, ''));
  frame.addEventListener('keydown', (event) => {
    const keys = {
      ArrowLeft: () => view.pan(-0.2),
      ArrowRight: () => view.pan(0.2),
      '+': () => view.zoom(0.5),
      '=': () => view.zoom(0.5),
      '-': () => view.zoom(2),
      '0': () => view.all(),
      n: () => step(1),
      p: () => step(-1),
      f: nextFailure,
      Enter: () => selected >= 0 && byId('details-heading').focus(),
    };
    if (!event.ctrlKey && !event.metaKey && !event.altKey && keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    }
  });
  view.changed.push(it.redraw);
  return { select, nextFailure, goTo: (index) => {
    const item = items.index.lastIndexOf(index);
    if (item >= 0) {
      select(item);
    } else {
      say(`Item ${index} is not shown.`);
    }
  }, find, top, chart: it };
})();
