/** Words for what is on the head: hair, hats and scarves. */
import { concept, type Concept } from './concepts.js';

export const HEAD_WORDS: readonly Concept[] = [
  concept(
    'hair',
    'bald',
    {
      before: ['bald', 'hairless', 'bald-headed'],
      after: ['with a bald head', 'with no hair', 'without hair', 'who is bald'],
      plainest: 'before',
    },
    { after: ['with a hairless head', 'whose head is bald', 'with no hair on the head'] },
  ),
  concept(
    'hair',
    'buzz',
    {
      after: [
        'with a {hair} buzz cut',
        'with buzzed {hair} hair',
        'with very short {hair} hair',
        'with {hair} hair cropped close to the head',
      ],
    },
    { after: ['with a very short {hair} buzz cut', 'with close cropped {hair} hair', 'whose {hair} hair is buzzed'] },
  ),
  concept(
    'hair',
    'short',
    {
      after: [
        'with neat short {hair} hair',
        'with a tidy short {hair} haircut',
        'with neat {hair} hair',
        'with a classic short {hair} cut',
      ],
    },
    { after: ['with a neat short {hair} haircut', 'with {hair} hair cut short and tidy', 'with tidy {hair} hair'] },
  ),
  concept(
    'hair',
    'quiff',
    {
      after: [
        'with a {hair} quiff',
        'with {hair} hair combed up',
        'with a {hair} pompadour',
        'with {hair} hair swept up',
      ],
    },
    { after: ['with a swept up {hair} quiff', 'whose {hair} hair is combed up', 'with {hair} hair in a pompadour'] },
  ),
  concept(
    'hair',
    'undercut',
    {
      after: [
        'with a {hair} undercut',
        'with shaved sides and {hair} hair on top',
        'with {hair} hair on top only',
        'with an undercut of {hair} hair',
      ],
    },
    {
      after: [
        'with {hair} hair on top and shaved sides',
        'with the sides shaved and {hair} hair on top',
        'with {hair} hair in an undercut',
      ],
    },
  ),
  concept(
    'hair',
    'spiky',
    {
      before: ['spiky-haired'],
      after: [
        'with spiky {hair} hair',
        'with wild spiky {hair} hair',
        'with {hair} hair in spikes',
        'with a spiky {hair} hairstyle',
      ],
    },
    { after: ['with {hair} hair that is spiky', 'with wild {hair} spikes of hair', 'whose {hair} hair is in spikes'] },
  ),
  concept(
    'hair',
    'shaggy',
    {
      before: ['shaggy-haired'],
      after: [
        'with shaggy {hair} hair',
        'with messy {hair} hair',
        'with {hair} hair falling over one eye',
        'with a shaggy {hair} mop of hair',
      ],
    },
    { after: ['with a messy {hair} mop of hair', 'with messy shaggy {hair} hair', 'whose {hair} hair is shaggy'] },
  ),
  concept(
    'hair',
    'mullet',
    {
      after: [
        'with a {hair} mullet',
        'with {hair} hair long at the back',
        'with a shaggy {hair} mullet',
        'with a {hair} mullet haircut',
      ],
    },
    { after: ['with {hair} hair in a mullet', 'whose {hair} hair is a mullet', 'with a messy {hair} mullet'] },
  ),
  concept(
    'hair',
    'afro',
    { after: ['with a {hair} afro', 'with {hair} afro hair', 'with a big round {hair} afro', 'who has a {hair} afro'] },
    { after: ['with {hair} hair in a big afro', 'with a huge {hair} afro', 'with a round {hair} afro hairstyle'] },
  ),
  concept(
    'hair',
    'curly',
    {
      before: ['curly-haired'],
      after: ['with curly {hair} hair', 'with {hair} curls', 'with big {hair} curls', 'who has curly {hair} hair'],
    },
    { after: ['with a head of {hair} curls', 'with {hair} hair in curls', 'whose {hair} hair is curly'] },
  ),
  concept(
    'hair',
    'bob',
    {
      after: [
        'with a {hair} bob cut',
        'with a {hair} bob',
        'with {hair} hair cut in a bob',
        'with chin-length {hair} hair',
      ],
    },
    { after: ['with a chin-length {hair} bob', 'with a {hair} bob haircut', 'with {hair} hair in a bob cut'] },
  ),
  concept(
    'hair',
    'bun',
    { after: ['with a {hair} bun', 'with {hair} hair in a bun', 'with a {hair} top knot', 'with {hair} hair tied up'] },
    {
      after: [
        'with {hair} hair tied up in a bun',
        'with a {hair} bun on top of the head',
        'whose {hair} hair is tied in a knot',
      ],
    },
  ),
  concept(
    'hair',
    'straight',
    {
      before: ['straight-haired'],
      after: [
        'with straight {hair} hair',
        'with long straight {hair} hair',
        'with sleek {hair} hair',
        'with smooth long {hair} hair',
      ],
    },
    {
      after: [
        'with smooth straight {hair} hair',
        'with {hair} hair that is long and straight',
        'with long sleek {hair} hair',
      ],
    },
  ),
  concept(
    'hair',
    'wavy',
    {
      before: ['wavy-haired'],
      after: [
        'with wavy {hair} hair',
        'with long wavy {hair} hair',
        'with {hair} waves',
        'with {hair} hair in long waves',
      ],
    },
    { after: ['with {hair} hair that is wavy', 'with long {hair} waves of hair', 'whose {hair} hair is in waves'] },
  ),
  concept(
    'hair',
    'dreadlocks',
    {
      after: [
        'with {hair} dreadlocks',
        'with {hair} dreads',
        'with {hair} hair in dreadlocks',
        'who has long {hair} dreads',
      ],
    },
    { after: ['with long {hair} dreadlocks', 'with a head of {hair} dreads', 'whose {hair} hair is in dreads'] },
  ),

  concept(
    'hair',
    'hat',
    {
      after: [
        'with a brimmed {clothes} hat',
        'in a wide {clothes} hat',
        'wearing a {clothes} sun hat',
        'wearing a {clothes} hat with a brim',
      ],
    },
    {
      after: ['in a wide brimmed {clothes} hat', 'with a {clothes} sun hat on', 'whose {clothes} hat has a wide brim'],
    },
  ),
  concept(
    'hair',
    'beanie',
    {
      after: [
        'with a {clothes} beanie',
        'in a {clothes} beanie',
        'wearing a {clothes} winter hat',
        'with a woolly {clothes} hat',
      ],
    },
    { after: ['in a woolly {clothes} beanie', 'with a {clothes} beanie on the head', 'in a {clothes} winter beanie'] },
  ),
  concept(
    'hair',
    'turban',
    {
      after: [
        'with a {clothes} turban',
        'in a {clothes} turban',
        'wearing a {clothes} turban',
        'with the head wrapped in a {clothes} turban',
      ],
    },
    {
      after: [
        'with a {clothes} turban on',
        'whose head is wrapped in a {clothes} turban',
        'with a {clothes} turban on the head',
      ],
    },
  ),
  concept(
    'hair',
    'hijab',
    {
      after: [
        'with a {clothes} hijab',
        'in a {clothes} hijab',
        'wearing a {clothes} headscarf',
        'wearing a {clothes} hijab',
      ],
    },
    {
      after: [
        'with a {clothes} hijab on',
        'with the head wrapped in a {clothes} headscarf',
        'whose head is wrapped in a {clothes} hijab',
      ],
    },
  ),

  concept(
    'hair',
    ['buzz', 'short', 'quiff', 'undercut'],
    {
      before: ['short-haired'],
      after: ['with short {hair} hair', 'with a short {hair} haircut', 'who has short {hair} hair'],
    },
    { after: ['with {hair} hair cut short', 'with {hair} hair that is short', 'whose {hair} hair is short'] },
  ),
  concept(
    'hair',
    ['straight', 'wavy', 'dreadlocks'],
    {
      before: ['long-haired'],
      after: ['with long {hair} hair', 'who has long {hair} hair', 'with {hair} hair over the shoulders'],
    },
    {
      after: ['with {hair} hair that is long', 'whose {hair} hair is long', 'with long {hair} hair over the shoulders'],
    },
  ),
  concept(
    'hair',
    ['afro', 'curly'],
    { after: ['with big {hair} hair', 'with huge {hair} hair'] },
    { after: ['whose {hair} hair is big and round', 'with a huge head of {hair} hair'] },
  ),
  concept(
    'hair',
    ['hat', 'beanie'],
    { after: ['with a {clothes} hat', 'wearing a {clothes} hat', 'in a {clothes} hat'] },
    { after: ['with a {clothes} hat on', 'with a {clothes} hat on the head', 'who is wearing a {clothes} hat'] },
  ),
  concept(
    'hair',
    ['hat', 'beanie', 'turban', 'hijab'],
    { after: ['with the head covered', 'with covered hair', 'with hair that is covered'] },
    { after: ['whose hair is covered', 'with a covered head'] },
  ),
];
