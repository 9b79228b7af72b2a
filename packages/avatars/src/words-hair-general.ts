/** Words for hair that are true of several styles: short, long, covered, any at all. */
import { concept, type Concept } from './concepts.js';
import { having, list, together } from './words-frames.js';

const SHORT = ['buzz', 'short', 'quiff', 'undercut'] as const;
const LONG = ['straight', 'wavy', 'dreadlocks'] as const;
const MIDDLE = ['spiky', 'shaggy', 'mullet', 'afro', 'curly', 'bob', 'bun'] as const;
const HATS = ['hat', 'beanie', 'turban', 'hijab'] as const;

export const GENERAL_HAIR_WORDS: readonly Concept[] = [
  concept(
    'hair',
    SHORT,
    together(
      {
        before: list('short-haired, shorter-haired, crop-haired'),
        after: list(`with short {hair} hair, with a short {hair} haircut, who has short {hair} hair,
          with {hair} hair cut off, with the {hair} hair cut shorter`),
      },
      having(`shorter {hair} hair, a shorter {hair} haircut, a short {hair} hairstyle, cropped {hair} hair,
        short trimmed {hair} hair, a {hair} crop, {hair} hair above the ears, quite short {hair} hair`),
    ),
    {
      after: list(`with {hair} hair cut short, with {hair} hair that is short, whose {hair} hair is short,
        whose {hair} hair is shorter`),
    },
  ),
  concept(
    'hair',
    LONG,
    together(
      {
        before: list('long-haired, longer-haired'),
        after: list(`with long {hair} hair, who has long {hair} hair, with {hair} hair over the shoulders`),
      },
      having(`longer {hair} hair, a long {hair} hairstyle, long {hair} locks, {hair} hair down to the shoulders,
        very long {hair} hair, shoulder-length {hair} hair, {hair} hair down the back, lengthy {hair} hair,
        a long {hair} mane, {hair} hair past the shoulders, grown out {hair} hair, much longer {hair} hair,
        {hair} tresses, long hanging {hair} hair`),
    ),
    {
      after: list(`with {hair} hair that is long, whose {hair} hair is long, with long {hair} hair over the shoulders,
        whose {hair} hair is longer`),
    },
  ),
  concept(
    'hair',
    ['afro', 'curly'],
    together(
      { before: list('big-haired'), after: list('with big {hair} hair, with huge {hair} hair') },
      having(`bigger {hair} hair, voluminous {hair} hair, more voluminous {hair} hair, a lot of {hair} hair,
        plenty of {hair} hair, thick {hair} hair, thicker {hair} hair, lots of {hair} hair, massive {hair} hair,
        {hair} hair with volume, enormous {hair} hair`),
    ),
    {
      after: list(`whose {hair} hair is big and round, with a huge head of {hair} hair, whose {hair} hair is bigger,
        with a thick head of {hair} hair`),
    },
  ),
  concept(
    'hair',
    ['bald', 'buzz'],
    {
      before: list('less hairy, nearly bald, almost bald'),
      after: list(`with less hair, with little hair, with almost no hair, who has less hair, with hardly any hair left,
        having less hair, with much less hair, with fewer hairs, with very little hair, with next to no hair,
        losing hair`),
    },
    { after: list('with less hair on the head, who has very little hair, with almost no hair left') },
  ),
  concept(
    'hair',
    [...SHORT, ...MIDDLE, ...LONG],
    {
      before: list('hatless, bareheaded, bare-headed'),
      after: list(`with {hair} hair, who has {hair} hair, with no hat, without a hat, not wearing a hat,
        without any headwear, who is not bald, with the hair uncovered, who isn't wearing a hat, with the hat off,
        without a headscarf, with more {hair} hair, with a full head of {hair} hair, having {hair} hair,
        with uncovered {hair} hair, with a {hair} hairstyle, with a {hair} haircut, with a {hair} hairdo,
        with {hair} hair on the head, who doesn't wear a hat, who took off the hat, without a cap, with no cap on`),
    },
    {
      after: list(`without any hat, with no hat on, whose {hair} hair is uncovered, who has more {hair} hair,
        with a full head of uncovered hair`),
    },
  ),
  concept(
    'hair',
    ['spiky', 'shaggy', 'mullet'],
    {
      before: list('wild-haired'),
      after: list(`with unruly {hair} hair, who has unruly {hair} hair, with ungroomed {hair} hair,
        with {hair} hair all over the place, having unruly {hair} hair, with crazy {hair} hair, with choppy {hair} hair,
        with {hair} hair in disarray, with layered {hair} hair`),
    },
    { after: list('whose {hair} hair is unruly, with {hair} hair that is all over the place') },
  ),
  concept(
    'hair',
    HATS,
    together(
      {
        before: list('hatted, head-covered'),
        after: list(`with the head covered, with covered hair, with hair that is covered, in a {clothes} headcovering,
          with something on the head, with the hair hidden, with no visible hair, with hidden hair,
          covering the hair, whose hair can't be seen, with hair out of sight, with {clothes} cloth on the head`),
      },
      having(`a {clothes} headcovering, a {clothes} head covering, {clothes} headwear, {clothes} headgear,
        a {clothes} covering over the hair`),
      list('wearing {clothes} headwear, wearing a {clothes} head covering, wearing something on the head'),
    ),
    {
      after: list(`whose hair is covered, with a covered head, whose head is covered, with {clothes} headgear on,
        whose hair is hidden`),
    },
  ),
];
