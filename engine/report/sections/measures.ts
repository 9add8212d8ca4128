/** The measures of the result tables, in order. */
export const MEASURES = [
  { key: 'balancedAccuracy', name: 'Balanced accuracy' },
  { key: 'accuracy', name: 'Accuracy' },
  { key: 'macroF1', name: 'Macro-F1' },
] as const;
