/** Styles of tables and sample records. */
export const TABLE_STYLES = `
.scroll { overflow-x: auto; margin: 18px 0; }
table { width: 100%; border-collapse: collapse; font-size: 15px; }
caption { padding: 0 0 10px; text-align: left; color: var(--soft); font-size: 14px; max-width: min(44em, calc(100vw - 40px)); }
th, td { padding: 8px 12px 8px 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
thead th { border-bottom: 1.5px solid var(--ink); font-size: 13px; font-weight: 600; color: var(--soft); vertical-align: bottom; }
tfoot th, tfoot td { border-bottom: 0; font-weight: 600; }
tbody th { font-weight: 500; }
.num { text-align: right; font-variant-numeric: tabular-nums lining-nums; white-space: nowrap; }
th:last-child, td:last-child { padding-right: 4px; }
.results tr.synthetic { background: var(--accent-soft); }
.results tr.synthetic th { font-weight: 700; }
.results tbody th { padding-left: 8px; min-width: 150px; }
.clearly-better { color: var(--accent); font-weight: 600; }
.clearly-worse { color: var(--warn); font-weight: 600; }
.results .missing td { color: var(--soft); font-style: italic; }
.gap { color: var(--soft); font-style: italic; }
.because { white-space: normal; min-width: 9em; }
.gap sup { line-height: 0; }
.notes { margin: 0; padding-left: 1.6em; color: var(--soft); font-size: 14px; }
.runs tbody th { min-width: 8em; max-width: 16em; overflow-wrap: anywhere; }
.runs .missing td { color: var(--soft); font-style: italic; }
.method { min-width: 10em; }
.pivot td { min-width: 8.5em; max-width: 12em; }
.pivot small { white-space: normal; overflow-wrap: anywhere; }
.entry { display: block; }
.entry + .entry { margin-top: 8px; }
.settings code { overflow-wrap: normal; }
.settings td { font-variant-numeric: tabular-nums lining-nums; max-width: 22em; overflow-wrap: anywhere; }
.statements dt { margin-top: 12px; font-weight: 600; }
.statements dd { margin: 0; max-width: 44em; }
.why { display: block; max-width: min(34em, calc(100vw - 176px)); }
.meter { display: inline-block; width: 64px; height: 7px; margin-right: 10px; border-radius: 4px; background: var(--rail);
  vertical-align: 1px; overflow: hidden; }
.meter i { display: block; height: 100%; background: var(--accent); }
.confusion { width: auto; font-size: 13px; }
.confusion th, .confusion td { padding: 5px 6px; border: 0; }
.confusion thead th { border: 0; }
.confusion thead th:not(:first-child) { padding: 4px 0 6px; text-align: center; line-height: 1.15; }
.confusion thead span { display: inline-block; writing-mode: vertical-rl; transform: rotate(180deg); max-height: 116px; text-align: left; }
.confusion tbody th { position: sticky; left: 0; background: var(--paper); text-align: right; min-width: 7em;
  max-width: min(16em, 42vw); overflow-wrap: anywhere; }
.confusion td { min-width: 38px; height: 34px; text-align: center; vertical-align: middle; border: 2px solid var(--paper); border-radius: 4px;
  background: color-mix(in srgb, var(--hot) var(--heat, 0%), var(--rail)); }
.confusion td.right { font-weight: 700; }
.lineage code { font-size: 11.5px; }
.lineage td:last-child { min-width: 250px; }
.lineage small { overflow-wrap: anywhere; }
.samples { margin: 0; border-bottom: 1px solid var(--line); }
.samples summary { padding: 10px 0; font-weight: 600; }
.count { font-weight: 400; font-size: 14px; color: var(--soft); }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 290px), 1fr)); gap: 4px 36px; padding-bottom: 18px; }
.pair h3 { margin: 6px 0 4px; font-size: 13px; letter-spacing: .06em; text-transform: uppercase; color: var(--soft); }
.pair .synthetic h3 { color: var(--accent); }
.pair ul { margin: 0; padding: 0; list-style: none; }
.pair li { padding-block: 9px; padding-inline: 14px 0; border-inline-start: 3px solid var(--rail); margin-bottom: 10px; font: 16px/1.55 var(--serif);
  white-space: pre-wrap; overflow-wrap: anywhere; }
.pair .synthetic li { border-color: var(--accent); }
.pair .zero-shot li { color: var(--soft); }
@media (max-width: 600px) { .meter { display: none; } table { font-size: 14px; } .results tbody th { min-width: 118px; } }
`;
