/** Styles for paper: black on white, no scroll boxes, no navigation. */
export const PRINT_STYLES = `
@media print {
  :root { --paper: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --rail: #eee; --accent: #0b6b63;
    --accent-soft: #e3f1ef; --warn: #6b3a06; --warn-soft: #f8efe0; --real: #3b4a8c; --plum: #8a3f7d; --grey: #77746c; color-scheme: light; }
  body { display: block; max-width: none; padding: 0; font-size: 11pt; }
  nav, .skip { display: none; }
  .scroll, .chart .scroll, pre { overflow: visible; max-height: none; }
  section { margin-top: 26pt; }
  h2, h3, caption, .key { break-after: avoid; }
  tr, .chart svg, .pair li, .tiles div { break-inside: avoid; }
  details::details-content { content-visibility: visible; display: block; }
  .confusion td, .meter, .meter i, .tiles, tr { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
