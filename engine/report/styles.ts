import { FIGURE_STYLES } from './styles/figures.ts';
import { PRINT_STYLES } from './styles/print.ts';
import { TABLE_STYLES } from './styles/tables.ts';
import { TYPE_STYLES } from './styles/type.ts';

/**
 * The style sheet of the page: system fonts only, light or dark by the reader's system setting, one column on
 * a phone.
 */
export const STYLES = `${TYPE_STYLES}${TABLE_STYLES}${FIGURE_STYLES}${PRINT_STYLES}`;
