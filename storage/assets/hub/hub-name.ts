import { invalidConfig } from '../../../schemas/errors.ts';

/** A model of the Hugging Face hub as a config names it: `hub:OWNER/NAME[/FILE.gguf][@REVISION]`. */
export interface HubName {
  /** `OWNER/NAME`. */
  repository: string;
  /** Path of one GGUF file in the repository; undefined stands for its safetensors checkpoint. */
  file?: string;
  /** A commit of 40 hex digits, or a branch or tag, which can move. */
  revision: string;
}

const PREFIX = 'hub:';
const PART = /^[A-Za-z0-9][\w.-]*$/;
const COMMIT = /^[0-9a-f]{40}$/;

export function isHubName(name: string): boolean {
  return name.startsWith(PREFIX);
}

/** Without a revision, `main` is meant. Throws InvalidConfig for another spelling. */
export function parseHubName(name: string): HubName {
  const [path, revision = 'main', ...more] = name.slice(PREFIX.length).split('@');
  const [owner = '', model = '', ...inside] = path.split('/');
  const named = [owner, model, ...inside].every((part) => PART.test(part));
  const file = inside.length === 0 ? undefined : inside.join('/');
  if (!named || more.length > 0 || !/^[\w./-]+$/.test(revision) || file?.endsWith('.gguf') === false)
    throw invalidConfig(
      `${name} is not a model of the hub. Write hub:OWNER/NAME@REVISION, or ` +
        'hub:OWNER/NAME/FILE.gguf@REVISION.',
    );
  return { repository: `${owner}/${model}`, file, revision };
}

export function formatHubName({ repository, file, revision }: HubName): string {
  return `${PREFIX}${repository}${file === undefined ? '' : `/${file}`}@${revision}`;
}

/** Whether the revision is a commit: only such a name means the same model tomorrow. */
export function isPinned({ revision }: HubName): boolean {
  return COMMIT.test(revision);
}
