import { hostname, userInfo } from 'node:os';

/** Names the person who makes a change, for the record: USER@MACHINE. */
export function operatorName(): string {
  return `${userInfo().username}@${hostname()}`;
}
