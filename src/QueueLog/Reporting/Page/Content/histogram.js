'use strict';

// How long items took: each bar's times are so many times those of the one before.
(() => {
  const { durations } = run;
  if (!durations.count) {
    byId('histogram').hidden = true;
    return;
  }
  const marks = [['median', durations.median], ['p95', durations.p95], ['p99', durations.p99]];
  const it = chart(byId('histogram'), (context) => {
    const bottom = it.height - AXIS;
    const low = Math.log(Math.max(durations.from[0], 0.1));
    const high = Math.log(Math.max(durations.to[durations.to.length - 1], 0.2));
    const x = (micros) => GUTTER + (Math.log(Math.max(micros, 0.1)) - low) / (high - low) * (it.width - GUTTER - 60);
    const most = durations.counts.reduce((max, count) => Math.max(max, count), 1);
    const y = (count) => bottom - count / most * (bottom - 34);
    context.fillStyle = colour('unknown');
    durations.counts.forEach((count, i) => {
      if (count > 0) {
        context.fillRect(x(durations.from[i]), Math.min(y(count), bottom - 1), Math.max(1, x(durations.to[i]) - x(durations.from[i]) - 1), Math.max(1, bottom - y(count)));
      }
    });
    context.fillStyle = colour('soft');
    context.textAlign = 'right';
    context.fillText(number(most), GUTTER - 6, y(most) + 4);
    context.fillText('items', GUTTER - 6, bottom);
    context.textAlign = 'center';
    let labelled = -Infinity;
    [...durations.from, durations.to[durations.to.length - 1]].forEach((micros) => {
      if (x(micros) - labelled > 70) {
        labelled = x(micros);
        context.fillText(durationOf(micros), labelled, bottom + 16);
      }
    });
    context.textAlign = 'left';
    marks.forEach(([name, micros], i) => {
      context.fillStyle = colour('text');
      context.fillRect(x(micros), 12 * i + 4, 1.5, bottom - 12 * i - 4);
      context.fillText(`${name} ${durationOf(micros)}`, x(micros) + 4, 12 * i + 12);
    });
  });
  it.canvas.ariaLabel = `Histogram of durations of ${number(durations.count)} items: shortest ${durationOf(durations.shortest)}, median ${durationOf(durations.median)}, 95 % within ${durationOf(durations.p95)}, 99 % within ${durationOf(durations.p99)}, longest ${durationOf(durations.longest)}.`;
})();
