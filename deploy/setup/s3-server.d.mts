export function findS3Server(): string | undefined;
export function prepareS3Server(progress: (what: string) => void): Promise<string>;
