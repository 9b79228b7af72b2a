/** Words for what is worn on the head. */
import { concept, type Concept } from './concepts.js';
import { list, together, wearing } from './words-frames.js';

export const HAT_WORDS: readonly Concept[] = [
  concept(
    'hair',
    'hat',
    together(
      list(`with a brimmed {clothes} hat, in a wide {clothes} hat, wearing a {clothes} sun hat,
        wearing a {clothes} hat with a brim`),
      wearing(`a {clothes} fedora, a {clothes} sunhat, a wide-brimmed {clothes} hat, a {clothes} cowboy hat,
        a {clothes} bowler hat, a {clothes} panama hat, a {clothes} straw hat, a floppy {clothes} hat, a {clothes} trilby,
        a {clothes} stetson, a big {clothes} hat, a broad-brimmed {clothes} hat, a {clothes} sombrero,
        a {clothes} bonnet, a large {clothes} hat, a {clothes} gardening hat, a {clothes} beach hat,
        a {clothes} summer hat, a {clothes} felt hat, a {clothes} bowler, a {clothes} derby, a {clothes} bucket hat`),
    ),
    {
      after: list(`in a wide brimmed {clothes} hat, with a {clothes} sun hat on, whose {clothes} hat has a wide brim,
        with a {clothes} fedora on, in a floppy {clothes} straw hat`),
    },
  ),
  concept(
    'hair',
    'beanie',
    together(
      list(`with a {clothes} beanie, in a {clothes} beanie, wearing a {clothes} winter hat,
        with a woolly {clothes} hat`),
      wearing(`a {clothes} beanie hat, a {clothes} knit cap, a knitted {clothes} hat, a {clothes} bobble hat,
        a {clothes} wool hat, a {clothes} woolen hat, a {clothes} woollen hat, a {clothes} ski hat, a {clothes} tuque,
        a {clothes} toque, a {clothes} stocking cap, a {clothes} wool cap, a woolly {clothes} cap, a {clothes} skullcap,
        a warm {clothes} hat, a {clothes} winter cap, a {clothes} pom-pom hat, a {clothes} knit hat, a cosy {clothes} hat,
        a {clothes} watch cap, a woolly {clothes} bobble hat, a {clothes} snow hat, a brimless {clothes} hat`),
    ),
    {
      after: list(`in a woolly {clothes} beanie, with a {clothes} beanie on the head, in a {clothes} winter beanie,
        with a {clothes} wool hat on, with a knitted {clothes} cap on`),
    },
  ),
  concept(
    'hair',
    'turban',
    together(
      {
        before: list('turbaned, turban-wearing'),
        after: list(`with a {clothes} turban, in a {clothes} turban, wearing a {clothes} turban,
          with the head wrapped in a {clothes} turban`),
      },
      wearing(`a {clothes} headwrap, a {clothes} head wrap, a {clothes} pagri, a {clothes} dastar,
        a wrapped {clothes} turban, a sikh turban, a big {clothes} turban, a wound {clothes} cloth,
        a {clothes} cloth wound around the head, a {clothes} wrap around the head, a {clothes} puggaree,
        an indian {clothes} turban, a tied {clothes} turban`),
    ),
    {
      after: list(`with a {clothes} turban on, whose head is wrapped in a {clothes} turban,
        with a {clothes} turban on the head, with a {clothes} head wrap on, with {clothes} cloth wrapped around the head`),
    },
  ),
  concept(
    'hair',
    'hijab',
    together(
      {
        before: list('veiled, hijab-wearing, hijabi, headscarfed'),
        after: list(`with a {clothes} hijab, in a {clothes} hijab, wearing a {clothes} headscarf,
          wearing a {clothes} hijab, with a {clothes} scarf over the hair, with the hair under a {clothes} scarf`),
      },
      wearing(`a {clothes} head scarf, a {clothes} veil, a {clothes} shawl, a {clothes} chador, a {clothes} kerchief,
        an islamic headscarf, a muslim headscarf, a {clothes} scarf around the head, a {clothes} muslim veil,
        a {clothes} scarf on the head, a {clothes} babushka scarf, a {clothes} khimar, a {clothes} wimple,
        a {clothes} cloth covering hair and neck, a {clothes} scarf that covers the neck, a {clothes} nun veil`),
    ),
    {
      after: list(`with a {clothes} hijab on, with the head wrapped in a {clothes} headscarf,
        whose head is wrapped in a {clothes} hijab, with a {clothes} veil on, whose hair is under a {clothes} scarf`),
    },
  ),
  concept(
    'hair',
    ['hat', 'beanie'],
    together(
      list('with a {clothes} hat, wearing a {clothes} hat, in a {clothes} hat, who has a {clothes} hat'),
      wearing('a {clothes} cap, a nice {clothes} hat, some kind of {clothes} hat'),
    ),
    {
      after: list(`with a {clothes} hat on, with a {clothes} hat on the head, who is wearing a {clothes} hat,
        with a {clothes} cap on`),
    },
  ),
  concept(
    'hair',
    ['turban', 'hijab'],
    {
      after: list(`with the head wrapped in cloth, with a wrapped head, with {clothes} fabric around the head,
        wearing {clothes} fabric on the head, with {clothes} cloth covering the hair, in religious headwear,
        wearing religious headwear`),
    },
    { after: list('whose head is wrapped in cloth, with {clothes} cloth around the head') },
  ),
];
