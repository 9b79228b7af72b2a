/** Words for clothing; its colours are in words-colors.ts. */
import { concept, type Concept } from './concepts.js';
import { list, together, wearing } from './words-frames.js';

export const CLOTHING_WORDS: readonly Concept[] = [
  concept(
    'clothing',
    'crewneck',
    together(
      list(`in a {clothes} t-shirt, wearing a {clothes} t-shirt, in a {clothes} crew neck shirt,
        with a {clothes} round neck shirt`),
      wearing(`a {clothes} tee, a {clothes} tee shirt, a {clothes} crewneck, a {clothes} crew neck, a {clothes} crew neck top,
        a plain {clothes} t-shirt, a {clothes} crewneck shirt, a round-necked {clothes} shirt, a simple {clothes} t-shirt,
        a {clothes} tshirt, a {clothes} t shirt, a plain {clothes} shirt, a casual {clothes} shirt, a {clothes} undershirt,
        a {clothes} crewneck tee, a {clothes} jersey, a {clothes} top with a round neck, a basic {clothes} top`),
    ),
    {
      after: list(`with a {clothes} t-shirt on, wearing a {clothes} shirt with a round neck,
        in a {clothes} crew neck t-shirt, with a plain {clothes} tee on, whose {clothes} shirt has a round neck`),
    },
  ),
  concept(
    'clothing',
    'vneck',
    together(
      list(
        `in a {clothes} v-neck, wearing a {clothes} v-neck, in a {clothes} v-neck shirt, with a {clothes} v-neck top`,
      ),
      wearing(`a {clothes} v-neck, a {clothes} v neck, a {clothes} v-neck tee, a {clothes} v-neck t-shirt, a {clothes} vneck,
        a {clothes} v-neck blouse, a v-necked {clothes} shirt, a {clothes} shirt with a pointed neckline,
        a {clothes} top with a v-shaped neckline, a {clothes} v-neck undershirt, a {clothes} v-shaped collar,
        a {clothes} blouse, a v-necked {clothes} top, a {clothes} vee neck`),
    ),
    {
      after: list(`wearing a {clothes} shirt with a v-neck, with a {clothes} v-neck on,
        whose {clothes} shirt has a v-neck, with a {clothes} v-neck tee on, whose {clothes} neckline is v-shaped`),
    },
  ),
  concept(
    'clothing',
    'scoop',
    together(
      list(`in a {clothes} scoop neck top, wearing a {clothes} scoop neck shirt, in a low-cut {clothes} shirt,
        with a low-cut {clothes} top`),
      wearing(`a {clothes} scoop neck, a scoop-necked {clothes} top, a {clothes} scoopneck, a {clothes} tank top,
        a {clothes} vest top, a low-necked {clothes} top, a {clothes} top with a low neckline, a scooped {clothes} top,
        a wide-necked {clothes} top, a {clothes} shirt with a deep neckline, a {clothes} camisole, a {clothes} scoop neck tee,
        a {clothes} top with a wide neckline, a {clothes} singlet, a {clothes} scoop top, a {clothes} sundress`),
    ),
    {
      after: list(`wearing a {clothes} top with a scoop neck, in a {clothes} top that is low-cut,
        whose {clothes} shirt has a scoop neck, with a low-cut {clothes} tank top on, whose {clothes} neckline is low`),
    },
  ),
  concept(
    'clothing',
    'hoodie',
    together(
      list(`in a {clothes} hoodie, wearing a {clothes} hoodie, in a {clothes} hooded sweater, with a {clothes} hoodie`),
      wearing(`a {clothes} hoody, a hooded {clothes} sweatshirt, a hooded {clothes} jumper, a hooded {clothes} jacket,
        a {clothes} sweatshirt, a {clothes} sweatshirt with a hood, a {clothes} sweater with a hood, a hooded {clothes} pullover,
        a {clothes} hood, a {clothes} zip-up hoodie, a {clothes} gym hoodie, a {clothes} jumper with a hood,
        a comfy {clothes} hoodie, a {clothes} hooded top with strings, a {clothes} drawstring hoodie`),
      { before: list('hoodie-wearing, hooded') },
    ),
    {
      after: list(`with a {clothes} hoodie on, wearing a hooded {clothes} top, who is wearing a {clothes} hoodie,
        with a hooded {clothes} sweatshirt on, whose {clothes} sweater has a hood`),
    },
  ),
  concept(
    'clothing',
    'overalls',
    together(
      list(`in {clothes} overalls, wearing {clothes} overalls, in {clothes} dungarees,
        with {clothes} straps over the shoulders`),
      wearing(`{clothes} bib overalls, a {clothes} overall, {clothes} coveralls, {clothes} suspenders, a {clothes} bib,
        a {clothes} pinafore, {clothes} braces, {clothes} work overalls, {clothes} farmer overalls, {clothes} denim overalls,
        a {clothes} boiler suit, {clothes} straps, a {clothes} romper, a {clothes} jumpsuit, {clothes} salopettes, a {clothes} apron,
        {clothes} shoulder straps, a {clothes} dungaree`),
    ),
    {
      after: list(`with {clothes} overalls on, wearing {clothes} dungarees, with {clothes} dungarees on,
        whose {clothes} overalls have straps, with {clothes} bib overalls on`),
    },
  ),
  concept(
    'clothing',
    'collar',
    together(
      list(`in a collared {clothes} sweater, wearing a {clothes} sweater with a collar,
        in a {clothes} sweater over a collared shirt, with a {clothes} sweater and a white collar`),
      wearing(`a {clothes} pullover, a {clothes} jumper, a {clothes} knitted sweater, a {clothes} jumper over a shirt,
        a {clothes} jumper with a collar, a {clothes} pullover over a shirt, a {clothes} sweater over a shirt, a collared {clothes} shirt,
        a {clothes} cardigan, a collared {clothes} jumper, a {clothes} polo shirt, a {clothes} knit sweater, a {clothes} woolen sweater,
        a {clothes} wool jumper, a preppy {clothes} sweater, a {clothes} sweater vest, a {clothes} school jumper, a {clothes} knit,
        a {clothes} shirt with a collar, a collared {clothes} pullover`),
    ),
    {
      after: list(`wearing a collared {clothes} sweater, whose {clothes} sweater has a collar,
        with a {clothes} sweater on and a white collar, with a collared {clothes} pullover on,
        whose {clothes} jumper has a white collar`),
    },
  ),
  concept(
    'clothing',
    'blazer',
    together(
      {
        before: list('suited, formally dressed, smartly dressed, jacketed'),
        after: list(`in a {clothes} blazer, wearing a {clothes} blazer, in a {clothes} jacket,
          wearing a {clothes} suit jacket`),
      },
      wearing(`a {clothes} suit, a {clothes} sport coat, a {clothes} sports jacket, a {clothes} coat, a {clothes} dinner jacket,
        a {clothes} business suit, a {clothes} tuxedo, a {clothes} suit and a shirt, a {clothes} jacket over a shirt,
        formal {clothes} clothes, a {clothes} office jacket, a {clothes} formal jacket, a {clothes} blazer over a t-shirt,
        a {clothes} jacket with lapels, an open {clothes} jacket, formal {clothes} wear, {clothes} business attire,
        a smart {clothes} jacket, a {clothes} suit coat`),
    ),
    {
      after: list(`with a {clothes} blazer on, in a {clothes} suit jacket, who is wearing a {clothes} jacket,
        with a {clothes} sport coat on, whose {clothes} jacket has lapels`),
    },
  ),
  concept(
    'clothing',
    ['hoodie', 'collar'],
    together(
      list(`in a warm {clothes} sweater, with a {clothes} sweater, wearing warm {clothes} clothes`),
      wearing(
        'a {clothes} sweater, a cosy {clothes} sweater, {clothes} knitwear, a cozy {clothes} sweater, a thick {clothes} sweater',
      ),
    ),
    { after: list('who is wearing a {clothes} sweater, with a warm {clothes} sweater on') },
  ),
  concept(
    'clothing',
    ['crewneck', 'vneck', 'scoop'],
    together(
      list('without a jacket, with no jacket, not wearing a jacket, without a collar, with a collarless {clothes} top'),
      wearing(
        'a light {clothes} shirt without a collar, a {clothes} summer shirt, a collarless {clothes} shirt, a short-sleeved {clothes} shirt',
      ),
    ),
    { after: list('with no jacket on, who is wearing a summer shirt') },
  ),
];
