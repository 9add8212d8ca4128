/** Styles of charts. Each is drawn twice, for wide and narrow pages; only one is shown and read out. */
export const FIGURE_STYLES = `
.chart { margin: 26px 0 30px; }
.chart h3 { margin: 0 0 8px; }
.chart svg { height: auto; max-width: 100%; color: var(--soft); font: 13px var(--sans); overflow: visible;
  font-variant-numeric: tabular-nums lining-nums; }
.chart svg text { white-space: pre; paint-order: stroke; }
.chart svg [aria-label$="grid"] { stroke: var(--line); stroke-opacity: 1; }
.chart svg.wide { display: block; }
.chart svg.narrow { display: none; }
.chart figcaption { margin-top: 8px; max-width: 44em; color: var(--soft); font-size: 14px; overflow-wrap: anywhere; }
.chart details { margin: 4px 0 0; font-size: 14px; }
.chart .scroll { margin: 6px 0 0; max-height: 420px; overflow: auto; }
.chart table { width: auto; min-width: min(100%, 420px); font-size: 14px; }
.chart .numbers td { white-space: normal; min-width: 4em; max-width: 15em; }
.chart tbody th { min-width: 8em; max-width: 24em; overflow-wrap: anywhere; }
.key { display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 0 0 4px; padding: 0; list-style: none; font-size: 14px; }
.key span { display: inline-block; min-width: 1.1em; font-weight: 700; text-align: center; }
@media (max-width: 639px) { .chart svg.wide { display: none; }
  .chart svg.narrow { display: block; width: 100%; max-width: 480px; } }
`;
