'use strict';

// Throughput, busy workers and records by level: the stretches of the timeline, put together to at least six pixels.
(() => {
  const { timeline: parts } = run;

  // Sums of some columns over the time that is shown: [{from, to, sums}].
  function bins(it, columns) {
    const perPixel = (view.to - view.from) / (it.width - GUTTER);
    const each = Math.max(1, Math.ceil(perPixel * 6 / parts.width));
    const length = parts.width * each;
    const origin = parts.start.length ? parts.start[0] : 0;
    const found = [];
    let bin = null;
    const first = lowerBound(parts.start, view.from - length);
    for (let i = first; i < parts.start.length && parts.start[i] <= view.to; i++) {
      const place = Math.floor((parts.start[i] - origin) / length + 1e-6);
      if (!bin || bin.place !== place) {
        bin = { place, from: origin + place * length, to: origin + (place + 1) * length, sums: columns.map(() => 0) };
        found.push(bin);
      }
      columns.forEach((column, c) => { bin.sums[c] += column[i]; });
    }
    return { found, length };
  }

  function scaleOf(most) {
    const size = 10 ** Math.floor(Math.log10(Math.max(most, 1e-9)));
    return [1, 2, 5, 10].map((factor) => factor * size).find((top) => top >= most) ?? most;
  }

  function drawScale(context, it, top, y, name, isRight) {
    context.fillStyle = colour('soft');
    context.textAlign = isRight ? 'left' : 'right';
    context.fillText(rateOf(top), isRight ? 4 : GUTTER - 6, y(top) + 10);
    context.fillText(isRight ? name : '0', isRight ? 4 : GUTTER - 6, isRight ? y(top) + 26 : y(0));
    context.textAlign = 'left';
  }

  const frameOf = (it) => ({ bottom: it.height - AXIS, y: (top) => (value) => (it.height - AXIS) - value / top * (it.height - AXIS - 8) });

  function clipped(context, it, draw) {
    context.save();
    context.beginPath();
    context.rect(GUTTER, 0, it.width - GUTTER, it.height - AXIS);
    context.clip();
    draw();
    context.restore();
  }

  const rate = chart(byId('rate'), (context) => {
    const { bottom, y } = frameOf(rate);
    const { found, length } = bins(rate, [parts.completed, parts.failed, parts.busy]);
    const seconds = length / 1e6;
    const most = scaleOf(Math.max(...found.map((bin) => (bin.sums[0] + bin.sums[1]) / seconds), 1e-6));
    const workers = Math.max(run.lanes.length, 1);
    const atRate = y(most);
    const atWorkers = y(workers);
    drawAxis(context, rate, bottom);
    clipped(context, rate, () => {
      for (const bin of found) {
        const left = rate.x(bin.from);
        const width = Math.max(1, rate.x(bin.to) - left - (rate.x(bin.to) - left > 6 ? 1 : 0));
        const good = bin.sums[0] / seconds;
        const all = good + bin.sums[1] / seconds;
        context.fillStyle = colour('rate');
        context.fillRect(left, atRate(good), width, bottom - atRate(good));
        context.fillStyle = colour('failed');
        context.fillRect(left, atRate(all), width, atRate(good) - atRate(all));
      }
      context.strokeStyle = colour('busy');
      context.lineWidth = 2;
      context.beginPath();
      let before = null;
      for (const bin of found) {
        if (before !== null && bin.from > before + 1) {
          context.lineTo(rate.x(before), bottom);
          context.lineTo(rate.x(bin.from), bottom);
        }
        context.lineTo(rate.x(bin.from), atWorkers(bin.sums[2] / length));
        context.lineTo(rate.x(bin.to), atWorkers(bin.sums[2] / length));
        before = bin.to;
      }
      context.stroke();
    });
    drawScale(context, rate, most, atRate, '', false);
    context.fillStyle = colour('busy');
    context.fillText(`${number(workers)} workers`, 4, atWorkers(workers) + 10);
    context.fillStyle = colour('rate');
    context.fillText('items/s', 4, bottom);
  });

  const levels = chart(byId('levels'), (context) => {
    const { bottom, y } = frameOf(levels);
    const { found, length } = bins(levels, parts.levels);
    const most = scaleOf(Math.max(...found.map((bin) => bin.sums.reduce((sum, count) => sum + count, 0)), 1));
    const at = y(most);
    drawAxis(context, levels, bottom);
    clipped(context, levels, () => {
      for (const bin of found) {
        const left = levels.x(bin.from);
        const width = Math.max(1, levels.x(bin.to) - left - (levels.x(bin.to) - left > 6 ? 1 : 0));
        let sum = 0;
        bin.sums.forEach((count, level) => {
          if (count > 0) {
            context.fillStyle = colour(LEVELS[level]);
            const top = at(sum + count);
            // What is rare and bad must not vanish below many that are neither.
            context.fillRect(left, Math.min(top, at(sum) - (level >= 3 ? 2 : 0)), width, Math.max(at(sum) - top, level >= 3 ? 2 : 0));
            sum += count;
          }
        });
      }
    });
    drawScale(context, levels, most, at, '', false);
    context.fillStyle = colour('soft');
    context.fillText(`per ${durationOf(length)}`, 4, bottom);
  });

  for (const it of [rate, levels]) {
    moveBy(it.canvas, it);
    view.changed.push(it.redraw);
    it.canvas.addEventListener('pointerleave', (event) => showTip(event, ''));
  }
  const binAt = (it, columns, event) => {
    const time = it.time(event.clientX - it.canvas.getBoundingClientRect().left);
    const { found, length } = bins(it, columns);
    return { bin: found.find((candidate) => time >= candidate.from && time < candidate.to), length };
  };
  rate.canvas.addEventListener('pointermove', (event) => {
    const { bin, length } = binAt(rate, [parts.completed, parts.failed, parts.busy], event);
    showTip(event, bin ? `${timeOf(bin.from)}, ${durationOf(length)}\n${number(bin.sums[0])} completed, ${number(bin.sums[1])} failed\n${rateOf(bin.sums[2] / length)} workers busy` : '');
  });
  levels.canvas.addEventListener('pointermove', (event) => {
    const { bin, length } = binAt(levels, parts.levels, event);
    showTip(event, bin ? `${timeOf(bin.from)}, ${durationOf(length)}\n${LEVELS.map((name, level) => [bin.sums[level], name]).filter(([count]) => count).map(([count, name]) => `${number(count)} ${name}`).join('\n')}` : '');
  });

  legend(byId('rate-legend'), ['rate', 'failed', 'busy'], ['items/s that completed', 'items/s that failed', 'busy workers']);
  const present = LEVELS.filter((_, level) => run.levels[level]);
  legend(byId('level-legend'), present);
  rate.canvas.ariaLabel = 'Chart: items a second and busy workers over time. The tables below have the figures of workers and items.';
  levels.canvas.ariaLabel = `Chart: records by level over time. All in all ${LEVELS.map((name, level) => `${number(run.levels[level])} ${name}`).join(', ')}.`;
})();
