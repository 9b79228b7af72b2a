/**
 * The files that StyleCLIP's users hold, and where each can be had: the table behind `checkpoints:fetch`.
 *
 * One entry is one file: its addresses in the order in which they are tried, its size and hash where they are known,
 * the licence, and which option of `checkpoints:import` takes it. Sets name the files that make a bundle together.
 * The hashes of NVIDIA's, rosinality's and ArcFace's files are those that public mirrors declare; OpenAI writes them
 * into the address; files of the original repository have git's own hash. `'unknown'` means that nobody has published
 * one: the computed hash is then printed, to be compared with other people's.
 *
 * Left out on purpose: what no importer reads (ResNet CLIPs, class-conditional cifar10.pkl, dlib's landmarks).
 * Files that only Google Drive has are listed with the way to get them by hand, since Drive answers programs with
 * a page that wants a click.
 */

/** How a downloaded file is proved to be the right one. A git blob hash is SHA-1 over a short header and the content. */
export type Proof = { readonly sha256: string } | { readonly gitBlob: string } | 'unknown';

/** Where a file is: a plain address, or a file of a Hugging Face repository (at its main revision). */
export type Origin = { readonly url: string } | { readonly repository: string; readonly file: string };

/** The option of `checkpoints:import` that takes the file; `'nothing'` when it is used outside this project. */
export type Use = 'generator' | 'clip' | 'identity' | 'mapper' | 'latents' | 'directions' | 'nothing';

export interface Licence {
  readonly name: string;
  readonly url: string;
  /** Whether the user must say `--accept-licence`: terms beyond attribution, such as non-commercial use. */
  readonly accept: boolean;
}

export interface KnownFile {
  /** File name in the cache. */
  readonly file: string;
  /** Empty for a file that must be fetched by hand. */
  readonly origins: readonly Origin[];
  /** For a file without origins: the page to open in a browser. */
  readonly byHand?: string;
  readonly bytes?: number;
  readonly proof: Proof;
  readonly licence: Licence;
  readonly use: Use;
  /** What it is, in a few words. */
  readonly what: string;
}

/** Files by name, and names of several files that belong together. */
export interface KnownFiles {
  readonly files: Readonly<Record<string, KnownFile>>;
  readonly sets: Readonly<Record<string, readonly string[]>>;
}

const STYLEGAN2: Licence = {
  name: 'Nvidia Source Code License-NC (non-commercial)',
  url: 'https://nvlabs.github.io/stylegan2/license.html',
  accept: true,
};
const ADA: Licence = {
  name: 'NVIDIA Source Code License for StyleGAN2-ADA (non-commercial)',
  url: 'https://nvlabs.github.io/stylegan2-ada-pytorch/license.html',
  accept: true,
};
const CLIP: Licence = { name: 'MIT', url: 'https://github.com/openai/CLIP/blob/main/LICENSE', accept: false };
const ARCFACE: Licence = {
  name: 'code MIT; the weights were trained on web-scraped faces that are meant for non-commercial research',
  url: 'https://github.com/TreB1eN/InsightFace_Pytorch',
  accept: true,
};
const E4E: Licence = {
  name: "MIT, but for the generator inside, which is under NVIDIA's non-commercial licence",
  url: 'https://github.com/omertov/encoder4editing',
  accept: true,
};
const STYLECLIP: Licence = {
  name: 'MIT',
  url: 'https://github.com/orpatashnik/StyleCLIP/blob/main/LICENSE',
  accept: false,
};
const MAPPERS: Licence = {
  name: "MIT, but for the generator inside, which is under NVIDIA's non-commercial licence",
  url: 'https://github.com/orpatashnik/StyleCLIP/blob/main/LICENSE',
  accept: true,
};

const NVIDIA = 'https://nvlabs-fi-cdn.nvidia.com';
const OPENAI = 'https://openaipublic.azureedge.net/clip/models';
/** The last commit of the original repository. */
const ORIGINAL = 'https://raw.githubusercontent.com/orpatashnik/StyleCLIP/f87a47f7fc39e19a1f6c88293875692b303bf168';

/** A TensorFlow pickle of the StyleGAN2 paper. */
function configF(domain: string, resolution: number, bytes: number, sha256: string): KnownFile {
  const file = `stylegan2-${domain}-config-f.pkl`;
  return {
    file,
    origins: [
      { url: `${NVIDIA}/stylegan2/networks/${file}` },
      { repository: 'aaronb/StyleGAN2-pkl', file: `stylegan2/${file}` },
    ],
    bytes,
    proof: { sha256 },
    licence: STYLEGAN2,
    use: 'generator',
    what: `StyleGAN2 config-f, ${domain} ${resolution}² (NVIDIA, TensorFlow pickle)`,
  };
}

/** A PyTorch pickle of stylegan2-ada-pytorch. */
function ada(file: string, what: string, proof: Proof = 'unknown'): KnownFile {
  return {
    file: `${file}.pkl`,
    origins: [{ url: `${NVIDIA}/stylegan2-ada-pytorch/pretrained/${file}.pkl` }],
    proof,
    licence: ADA,
    use: 'generator',
    what: `${what} (NVIDIA stylegan2-ada-pytorch pickle)`,
  };
}

/** NVIDIA's config-f weights in rosinality's layout, generator average only. */
function rosinality(domain: string, resolution: number, bytes: number, sha256: string): KnownFile {
  const file = `stylegan2-${domain}-config-f.pt`;
  return {
    file,
    origins: [{ repository: 'aaronb/StyleGAN2', file }],
    bytes,
    proof: { sha256 },
    licence: STYLEGAN2,
    use: 'generator',
    what: `StyleGAN2 config-f, ${domain} ${resolution}² (rosinality layout)`,
  };
}

/** OpenAI's TorchScript archives. The address holds the hash. */
function clip(file: string, bytes: number, sha256: string): KnownFile {
  return {
    file: `${file}.pt`,
    origins: [{ url: `${OPENAI}/${sha256}/${file}.pt` }],
    bytes,
    proof: { sha256 },
    licence: CLIP,
    use: 'clip',
    what: `CLIP ${file.replace('ViT-B-', 'ViT-B/').replace('ViT-L-', 'ViT-L/')} (OpenAI)`,
  };
}

/** The original's channel relevances. Statistics (S_mean_std) are not published with them. */
function directions(folder: string, what: string, gitBlob: string): KnownFile {
  return {
    file: 'fs3.npy',
    origins: [{ url: `${ORIGINAL}/${folder}/fs3.npy` }],
    proof: { gitBlob },
    licence: STYLECLIP,
    use: 'directions',
    what: `channel relevances of ${what} for global directions (original repository)`,
  };
}

function onDrive(
  file: string,
  id: string,
  use: Use,
  licence: Licence,
  what: string,
  proof: Proof = 'unknown',
): KnownFile {
  return { file, origins: [], byHand: `https://drive.google.com/file/d/${id}/view`, proof, licence, use, what };
}

/** The fourteen mappers of the original's utils.py, by prompt. */
const MAPPER_IDS = {
  afro: '1i5vAqo4z0I-Yon3FNft_YZOq7ClWayQJ',
  angry: '1g82HEH0jFDrcbCtn3M22gesWKfzWV_ma',
  beyonce: '1KJTc-h02LXs4zqCyo7pzCp0iWeO6T9fz',
  bobcut: '1IvyqjZzKS-vNdq_OhwapAcwrxgLAY8UF',
  bowlcut: '1xwdxI2YCewSt05dEHgkpmmzoauPjEnnZ',
  curly_hair: '1xZ7fFB12Ci6rUbUfaHPpo44xUFzpWQ6M',
  depp: '1FPiJkvFPG_y-bFanxLLP91wUKuy-l3IV',
  hilary_clinton: '1X7U2zj2lt0KFifIsTfOOzVZXqYyCWVll',
  mohawk: '1oMMPc8iQZ7dhyWavZ7VNWLwzf9aX4C09',
  purple_hair: '14H0CGXWxePrrKIYmZnDD2Ccs65EEww75',
  surprised: '1F-mPrhO-UeWrV1QYMZck63R43aLtPChI',
  taylor_swift: '10jHuHsKKJxuf3N0vgQbX_SMEQgFHDrZa',
  trump: '14v8D0uzy4tOyfBU3ca9T0AzTt3v-dNyh',
  zuckerberg: '1NjDcMUL8G-pO3i_9N6EPpQNXeMc3Ar1r',
} as const;

const mappers = Object.fromEntries(
  Object.entries(MAPPER_IDS).map(([prompt, id]) => [
    `mapper-${prompt.replaceAll('_', '-')}`,
    onDrive(`${prompt}.pt`, id, 'mapper', MAPPERS, `official mapper "${prompt.replaceAll('_', ' ')}" and its decoder`),
  ]),
);

export const KNOWN_FILES: KnownFiles = {
  files: {
    // prettier-ignore
    'ffhq-config-f': configF('ffhq', 1024, 381_673_535, 'adf127ea7bb8a7788c8bdeda3c9937f7310b669b09ecf799ca53a631ff46948d'),
    // prettier-ignore
    'car-config-f': configF('car', 512, 364_027_523, 'e1618eee2b3ce87c4a3849442f7850ef12a478556bff035c8e09ee7e23b3794c'),
    // prettier-ignore
    'cat-config-f': configF('cat', 256, 357_418_027, '08940fd616cfaf6bc7b0286b5d1a0b3f70febb26e136d64716c8d3f5e9bd3883'),
    // prettier-ignore
    'church-config-f': configF('church', 256, 357_418_027, '4090c5f83b44b83475c84864188aa39a0fb72694492302b7e6af36aad0d18104'),
    // prettier-ignore
    'horse-config-f': configF('horse', 256, 357_418_027, 'cbc73372c7d82d095913ca8b4b9f170560777175bd7c3b8a75dd55d70807f32b'),

    'ada-ffhq': ada('ffhq', "FFHQ 1024², the StyleGAN2 paper's training"),
    'ada-metfaces': ada('metfaces', 'MetFaces 1024²'),
    'ada-afhqcat': ada('afhqcat', 'AFHQ cats 512²'),
    'ada-afhqdog': ada('afhqdog', 'AFHQ dogs 512²', {
      sha256: 'f124ff3f23206052473a7212cbc1f4e095a73c231500411e9c3b81a11eac3662',
    }),
    'ada-afhqwild': ada('afhqwild', 'AFHQ wild animals 512²'),
    'ada-brecahad': ada('brecahad', 'breast cancer histology 512²'),

    // prettier-ignore
    'ffhq-rosinality': rosinality('ffhq', 1024, 132_717_355, '646c7e7c5e3fc4cf8e83dcfe5dce505cc74b61d8982c09563932aa15c4baf18c'),
    // prettier-ignore
    'car-rosinality': rosinality('car', 512, 123_949_595, 'c69f161fd576801027cbaa8b09142b5dd9f508034b2d0f4a2a0cdcbc1d587c9c'),
    // prettier-ignore
    'cat-rosinality': rosinality('cat', 256, 120_878_283, 'ff1036877c8964ba7c9e84316e67ea26bea64bbfcf6bd6c645f45589d248727f'),
    // prettier-ignore
    'church-rosinality': rosinality('church', 256, 120_878_283, '596f59f0ab72d3d5e821846dbf53fff0406c0103ff4fa46ae0a2508d80b3a2d0'),
    // prettier-ignore
    'horse-rosinality': rosinality('horse', 256, 120_878_283, '894bc6a08a6bbe4c22bf91195dd4fdd4ee7f6859e06ce3517e7b3bfa9a8b2565'),
    'ffhq-rosinality-stylegene': {
      file: 'stylegan2-ffhq-config-f.pt',
      origins: [{ repository: 'wmpscc/StyleGene', file: 'stylegan2-ffhq-config-f.pt' }],
      bytes: 132_729_083,
      proof: { sha256: 'd0d7c5e71531c816b8cf01037393ee4fb65ed09dcb6434cc0197771e3051199b' },
      licence: STYLEGAN2,
      use: 'generator',
      what: 'StyleGAN2 config-f, ffhq 1024² (rosinality layout, as StyleGene has it)',
    },
    'ffhq-rosinality-full': onDrive(
      'stylegan2-ffhq-config-f.pt',
      '1EM87UquaoQmk17Q8d5kYIAHqu0dkYqdT',
      'generator',
      STYLEGAN2,
      "StyleGAN2 config-f, ffhq 1024² (rosinality layout with discriminator; the original README's file)",
      { sha256: 'bae494ef77e32a9cd1792a81a3c167692a0e64f6bcd8b06592ff42917e2ed46e' },
    ),

    'clip-vit-b-32': clip('ViT-B-32', 353_976_522, '40d365715913c9da98579312b702a82c18be219cc2a73407c4526f58eba950af'),
    'clip-vit-b-16': clip('ViT-B-16', 350_837_078, '5806e77cd80f8b59890b7e101eabd078d9fb84e6937f9e85e4ecb61988df416f'),
    'clip-vit-l-14': clip('ViT-L-14', 932_768_134, 'b8cca3fd41ae0c99ba7e8951adf17d267cdb84cd88be6f7c2e0eca1737a03836'),
    'clip-vit-b-32-hf': {
      file: 'pytorch_model.bin',
      origins: [{ repository: 'openai/clip-vit-base-patch32', file: 'pytorch_model.bin' }],
      proof: { sha256: 'a63082132ba4f97a80bea76823f544493bffa8082296d62d71581a4feff1576f' },
      licence: CLIP,
      use: 'clip',
      what: 'CLIP ViT-B/32 in float32 (Hugging Face names)',
    },
    'clip-vit-b-32-safetensors': {
      file: 'model.safetensors',
      origins: [{ repository: 'openai/clip-vit-base-patch32', file: 'model.safetensors' }],
      proof: 'unknown',
      licence: CLIP,
      use: 'clip',
      what: 'CLIP ViT-B/32 in float32 (Hugging Face names, safetensors)',
    },

    'identity-ir-se50': {
      file: 'model_ir_se50.pth',
      origins: [
        { repository: 'matbee/model_ir_se50_pytorch', file: 'model_ir_se50.pth' },
        { repository: 'lithiumice/ArcFace_PyTorch', file: 'model_ir_se50.pth' },
      ],
      bytes: 175_367_323,
      proof: { sha256: 'a035c768259b98ab1ce0e646312f48b9e1e218197a0f80ac6765e88f8b6ddf28' },
      licence: ARCFACE,
      use: 'identity',
      what: 'ArcFace IR-SE50, for the identity loss',
    },

    'e4e-ffhq': {
      file: 'e4e_ffhq_encode.pt',
      origins: [{ repository: 'zhengchong/e4e', file: 'e4e_ffhq_encode.pt' }],
      bytes: 1_201_649_680,
      proof: { sha256: '2ace1d9a8c05c10a399bcd500b8dda118f759ff1aac89dbdab7435f2136a0999' },
      licence: E4E,
      use: 'nothing',
      what: 'e4e encoder for faces, to invert photographs with its own program',
    },
    // prettier-ignore
    'e4e-cars': onDrive('e4e_cars_encode.pt', '17faPqBce2m1AQeLCLHUVXaDfxMRU2QcV', 'nothing', E4E, 'e4e encoder for cars'),
    // prettier-ignore
    'e4e-horse': onDrive('e4e_horse_encode.pt', '1TkLLnuX86B_BMo2ocYD0kX9kWh53rUVX', 'nothing', E4E, 'e4e encoder for horses'),
    // prettier-ignore
    'e4e-church': onDrive('e4e_church_encode.pt', '1-L0ZdnQLwtdy6-A_Ccgq5uNJGTqE7qBa', 'nothing', E4E, 'e4e encoder for churches'),

    'latents-celebrities': {
      file: 'w_plus.npy',
      origins: [{ url: `${ORIGINAL}/global_directions/data/ffhq/w_plus.npy` }],
      bytes: 2_506_880,
      proof: { sha256: '394f0f166305654f49cd1b0cd3d4f2b7a51e740a449a1ebfa1c69f79d01399fa' },
      licence: STYLECLIP,
      use: 'latents',
      what: '68 inverted photographs, W+ [68,18,512] (original repository)',
    },
    // prettier-ignore
    'latents-train': onDrive('train_faces.pt', '1gof8kYc_gDLUT4wQlmUdAtPnQIlCO26q', 'latents', STYLECLIP, '24,176 inverted faces for mappers, W+ [N,18,512]'),
    // prettier-ignore
    'latents-test': onDrive('test_faces.pt', '1j7RIfmrCoisxx3t-r-KC02Qc8barBecr', 'latents', STYLECLIP, '2,824 inverted faces for mappers, W+ [N,18,512]'),
    // prettier-ignore
    'latents-example': onDrive('example_celebs.pt', '1VL3lP4avRhz75LxSza6jgDe-pHd2veQG', 'latents', STYLECLIP, 'six inverted photographs, W+ [6,18,512]'),

    // prettier-ignore
    'directions-ffhq': directions('global_directions/npy/ffhq', 'ffhq-config-f', 'ef9dc0a49a4e2ffe1c81b8632baab6e3a4466726'),
    // prettier-ignore
    'directions-afhqcat': directions('global_directions/npy/afhqcat', 'ada-afhqcat', '1cdd7057428fb8b46dd1badb0f277594a9615857'),
    // prettier-ignore
    'directions-afhqdog': directions('global_directions/npy/afhqdog', 'ada-afhqdog', '327f0869c7bf91e24bfc6810e11791e0b9a6579f'),

    ...mappers,
  },
  sets: {
    ffhq: ['ffhq-config-f', 'clip-vit-b-32', 'identity-ir-se50'],
    car: ['car-config-f', 'clip-vit-b-32'],
    cat: ['cat-config-f', 'clip-vit-b-32'],
    church: ['church-config-f', 'clip-vit-b-32'],
    horse: ['horse-config-f', 'clip-vit-b-32'],
    metfaces: ['ada-metfaces', 'clip-vit-b-32', 'identity-ir-se50'],
    afhqcat: ['ada-afhqcat', 'clip-vit-b-32'],
    afhqdog: ['ada-afhqdog', 'clip-vit-b-32'],
    afhqwild: ['ada-afhqwild', 'clip-vit-b-32'],
  },
};

/** The file of the table that has this content. */
export function knownByHash(sha256: string, { files }: KnownFiles = KNOWN_FILES): KnownFile | undefined {
  return Object.values(files).find(
    ({ proof }) => typeof proof === 'object' && 'sha256' in proof && proof.sha256 === sha256,
  );
}
