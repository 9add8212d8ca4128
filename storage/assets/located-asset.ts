/** An asset as local files. */
export interface LocatedAsset {
  /** The weights or the records; a folder for a checkpoint of the hub, or where a folder was named. */
  path: string;
  folder: string;
  /** Paths of the files by their base names (`model.safetensors`, `tokenizer.json`); empty where a folder was named. */
  files: Record<string, string>;
  /** The SHA-256 of `path`, known for files of the catalog and of the hub. */
  sha256?: string;
  mediaType?: string;
}
