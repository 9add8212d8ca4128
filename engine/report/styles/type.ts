/** Styles of colours, type and layout. */
export const TYPE_STYLES = `
:root { color-scheme: light dark;
  --paper: #fbfaf6; --card: #ffffff; --ink: #1d2023; --soft: #5b6167; --line: #dedbd2; --rail: #ece9e0;
  --accent: #0b6b63; --accent-soft: #d9ece9; --warn: #8a4b08; --warn-soft: #fbeed9; --grey: #8d8a82; --real: #3b4a8c; --plum: #8a3f7d; --hot: #4fa99f;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "Book Antiqua", Georgia, "Liberation Serif", "Noto Serif", serif;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; }
@media (prefers-color-scheme: dark) { :root {
  --paper: #15181a; --card: #1c2023; --ink: #e8e6e0; --soft: #a3a8ad; --line: #343a3e; --rail: #2a2f33;
  --accent: #5cc8bb; --accent-soft: #1d3a37; --warn: #f0b766; --warn-soft: #38290f; --grey: #8f948f; --real: #9db0ff; --plum: #e39ad6; --hot: #1f7168; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0 auto; max-width: 1080px; padding: 0 20px 80px; background: var(--paper); color: var(--ink);
  font: 16px/1.6 var(--sans); overflow-wrap: break-word; }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -9999px; }
.skip:focus { left: 12px; top: 12px; padding: 8px 12px; background: var(--card); }
.ribbon { margin: 0 -20px; padding: 9px 20px; font-size: 14px; border-bottom: 1px solid var(--line); }
.ribbon { clip-path: inset(0 -100vmax); }
.ribbon.private { background: var(--warn-soft); color: var(--warn); box-shadow: 0 0 0 100vmax var(--warn-soft); }
.ribbon.release { background: var(--accent-soft); color: var(--accent); box-shadow: 0 0 0 100vmax var(--accent-soft); }
.kicker { margin: 44px 0 4px; font-size: 13px; letter-spacing: .12em; text-transform: uppercase; color: var(--soft); }
h1, h2, h3 { line-height: 1.2; text-wrap: balance; }
h1 { margin: 0 0 12px; font: 600 clamp(30px, 6vw, 46px)/1.1 var(--serif); letter-spacing: -.01em; }
h2 { margin: 0 0 14px; padding-top: 12px; border-top: 2px solid var(--ink); font: 600 25px/1.25 var(--serif); }
h3 { margin: 26px 0 8px; font-size: 16px; }
.number { display: inline-block; min-width: 1.5em; color: var(--soft); font-weight: 400; }
.headline { max-width: 40em; margin: 0 0 26px; font: 400 clamp(18px, 2.4vw, 22px)/1.45 var(--serif); }
.meta { margin: 18px 0 0; color: var(--soft); font-size: 14px; }
.lead { font: 400 18px/1.5 var(--serif); padding-left: 14px; border-left: 3px solid var(--accent); }
.note { color: var(--soft); }
.warning { padding: 10px 14px; border-radius: 6px; background: var(--warn-soft); color: var(--warn); font-size: 15px; }
code { font: .88em var(--mono); overflow-wrap: anywhere; }
pre { overflow: auto; max-height: 460px; margin: 0; padding: 16px; border: 1px solid var(--line); border-radius: 8px;
  background: var(--card); font: 13px/1.55 var(--mono); white-space: pre-wrap; }
small { display: block; font-size: 13px; line-height: 1.35; font-weight: 400; color: var(--soft); }
main p, main ul { max-width: 44em; }
section { margin-top: 54px; scroll-margin-top: 12px; }
nav { margin-top: 28px; }
nav ol { display: flex; gap: 4px 18px; margin: 0; padding: 0 0 6px; overflow-x: auto; list-style: none; font-size: 14px; }
nav a { display: block; padding: 4px 0; white-space: nowrap; text-decoration: none; }
nav a:hover { text-decoration: underline; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 1px; margin: 0;
  border: 1px solid var(--line); border-radius: 10px; overflow: hidden; background: var(--line); }
.tiles div { padding: 14px 16px; background: var(--card); }
.tiles dt { color: var(--soft); font-size: 13px; }
.tiles dd { margin: 2px 0 0; font: 600 28px/1.15 var(--serif); font-variant-numeric: tabular-nums lining-nums; }
.tiles small { margin-top: 4px; font-family: var(--sans); }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(230px, 1fr)); gap: 0 28px; margin: 18px 0; }
.facts div { display: flex; justify-content: space-between; gap: 16px; padding: 7px 0; border-bottom: 1px solid var(--line); }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; min-width: min(8em, 50%); text-align: right; font-variant-numeric: tabular-nums; }
.facts dt, .facts dd { overflow-wrap: anywhere; }
details { margin: 14px 0; }
summary { cursor: pointer; padding: 6px 0; }
@media (min-width: 1000px) {
  body { display: grid; grid-template-columns: 180px minmax(0, 1fr); column-gap: 36px; }
  header, .skip { grid-column: 1 / -1; }
  nav { margin-top: 66px; }
  nav a { white-space: normal; line-height: 1.35; }
  nav ol { position: sticky; top: 24px; flex-direction: column; }
}
`;
