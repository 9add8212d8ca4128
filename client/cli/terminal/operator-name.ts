import { hostname, userInfo } from 'node:os';

/** Who changes something, as it stands on record: the user and the machine. */
export function operatorName(): string {
  return `${userInfo().username}@${hostname()}`;
}
