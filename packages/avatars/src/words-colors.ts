/**
 * Words for the colours of hair, clothes and skin: their names, and the phrases that say a colour alone.
 *
 * English has hundreds of names for colours, this world has ten, eight and five; each name stands with the value that is
 * nearest to what it means on hair, cloth or skin. So "charcoal" is black, "teal" green and "auburn" ginger, and what lies
 * between two values ("turquoise") is said of both, by a concept of its own. Kept back are combinations: names that
 * training knows with words for shades that it knows from other names.
 */
import { concept, type Concept, type Style, type Wording } from './concepts.js';
import type { ValueName } from './factors.js';
import { having, list, together, wearing } from './words-frames.js';

type Colored = 'hairColor' | 'clothesColor' | 'skin';

/** What a colour is called; the first name is the plainest. */
export interface Names extends Readonly<Record<Style, readonly string[]>> {
  /** More names that are kept back; prompts ask with them after all the others. */
  readonly further: readonly string[];
}

export type ColorNames<F extends Colored> = Readonly<Record<ValueName<F>, Names>>;

const names = (train: string, heldOut: string, further: string): Names => ({
  train: list(train),
  'held-out': list(heldOut),
  further: list(further),
});

export const HAIR_COLOR_NAMES: ColorNames<'hairColor'> = {
  black: names(
    `black, jet black, raven, ebony, dark black, inky, coal black, pitch black, midnight black, onyx, charcoal,
      very dark, blackish, inky black, jet, sable, blue-black, soft black`,
    'deep black, pure black',
    'raven black, ebony black',
  ),
  brown: names(
    `brown, dark brown, chestnut, brunette, chocolate, light brown, medium brown, mousy, hazel, coffee, mocha,
      chocolate brown, walnut, brownish, mahogany, nut brown, cocoa, mousy brown, espresso, umber, brunet, cinnamon brown,
      hazelnut, earthy brown, caramel brown`,
    'deep brown, chestnut brown',
    'coffee brown, light chestnut',
  ),
  blonde: names(
    `blonde, blond, golden, light yellow, fair, platinum blonde, ash blonde, dirty blonde, sandy, flaxen, honey, straw,
      honey blonde, yellow, strawlike, wheat, bleached, bleached blonde, gold, dark blonde, butter, corn, champagne,
      lemon, platinum blond, blondish, sunny yellow, straw-colored, peroxide blonde, yellowish, very fair, sandy blond`,
    'golden blonde, light blonde',
    'sandy blonde, honey yellow',
  ),
  ginger: names(
    `ginger, orange, copper, auburn, carrot, strawberry blonde, ginger red, reddish, rust, coppery, carroty, tangerine,
      light auburn, fox red, amber, pumpkin, gingery, fiery orange, dark orange, marmalade, rusty, reddish brown,
      titian, apricot, coral, bronze, ginger orange, orangey, russet, terracotta, carrot orange, strawberry blond`,
    'bright orange, copper orange',
    'dark copper, light ginger',
  ),
  silver: names(
    `silver, gray, grey, light gray, white, platinum, ash, ashen, snow white, salt and pepper, graying, greying,
      ash gray, steel gray, whitish, hoary, slate, icy, silvery, steel, pewter, smoky gray, grayish, greyish, dark gray,
      ash grey, dove gray, frosty white, old gray, metallic silver, pearl, iron gray`,
    'silver gray, light grey',
    'silvery white, icy platinum',
  ),
  red: names(
    `red, crimson, deep red, scarlet, cherry red, ruby, burgundy, maroon, wine red, blood red, fiery red, bright red,
      dark red, cherry, fire engine red, cranberry, vermilion, wine, rosso, lipstick red, garnet, tomato red, ruby red,
      flaming red, brick red, bordeaux, cardinal red, strawberry red, flame red, intense red`,
    'crimson red, pure red',
    'dark crimson, bright scarlet',
  ),
  pink: names(
    `pink, light pink, rose, hot pink, magenta, fuchsia, bubblegum, bubblegum pink, pastel pink, salmon, neon pink,
      pale pink, candy pink, flamingo, cotton candy, blush, pinkish, barbie pink, dusty pink, rosy, salmon pink,
      baby pink, peachy pink, rose-colored, dark pink, raspberry, cerise, candyfloss, coral pink, shocking pink`,
    'rose pink, bright pink',
    'flamingo pink, pale rose',
  ),
  purple: names(
    `purple, violet, bright purple, lilac, lavender, mauve, plum, indigo, amethyst, eggplant, aubergine, grape, orchid,
      dark purple, light purple, purplish, mulberry, royal purple, pastel purple, neon purple, wisteria, plum purple,
      dark violet, pale lilac, heather, pale violet, lavender purple, magenta purple, violet-colored, iris`,
    'deep purple, violet purple',
    'pale lavender, bright violet',
  ),
  blue: names(
    `blue, bright blue, pure blue, navy, navy blue, azure, sky blue, cobalt, sapphire, electric blue, royal blue,
      baby blue, light blue, dark blue, cyan, aqua, denim, cerulean, bluish, ocean blue, midnight blue, pastel blue,
      ice blue, neon blue, steel blue, cobalt blue, cornflower, powder blue, ultramarine, cyan blue, denim blue, pale blue`,
    'deep blue',
    'sapphire blue, bright azure, dark cobalt',
  ),
  green: names(
    `green, emerald, bright green, teal, mint, lime, olive, jade, forest green, neon green, moss, sea green, lime green,
      dark green, light green, greenish, grass green, apple green, mint green, bottle green, pea green, pastel green,
      moss green, pine green, dark teal, sage, seaweed green, shamrock, leaf green, olive green, swamp green, avocado`,
    'emerald green, deep green',
    'jade green, bright lime',
  ),
};

export const CLOTHES_COLOR_NAMES: ColorNames<'clothesColor'> = {
  black: names(
    `black, dark, jet black, charcoal, ebony, onyx, inky, coal black, pitch black, midnight black, very dark, raven,
      blackish, off-black, dark black, inky black`,
    'deep black',
    'ebony black, pure black',
  ),
  gray: names(
    `gray, grey, silver, ash, slate, ash gray, pewter, white, silvery, steel gray, dove gray, light ash, grayish,
      greyish, whitish, smoky gray, stone gray, ash grey, pearl, platinum, slate gray, steel, dull gray, iron gray`,
    'light gray, silver grey',
    'slate grey, smoky grey',
  ),
  red: names(
    `red, bright red, crimson, scarlet, cherry red, ruby, burgundy, maroon, wine red, blood red, cherry, vermilion,
      dark red, fire engine red, tomato red, ruby red, cranberry, brick red, garnet, reddish, cardinal red, lipstick red,
      fiery red, flaming red`,
    'deep red',
    'crimson red, bright scarlet',
  ),
  orange: names(
    `orange, bright orange, tangerine, apricot, peach, coral, rust, pumpkin, carrot, copper, terracotta, burnt orange,
      mango, dark orange, neon orange, rusty, orangey, pumpkin orange, carrot orange, marmalade, coppery, sunset orange,
      fiery orange`,
    'light orange',
    'tangerine orange, bright tangerine',
  ),
  yellow: names(
    `yellow, bright yellow, gold, golden, lemon, mustard, canary, sunny yellow, banana, light yellow, amber, blonde,
      lemon yellow, pale yellow, canary yellow, yellowish, saffron, straw, neon yellow, mustard yellow, buttercup,
      sunflower yellow, honey, butter`,
    'golden yellow',
    'bright lemon, straw yellow',
  ),
  green: names(
    `green, emerald, teal, mint, lime, olive, jade, forest green, bright green, dark green, light green, neon green,
      moss, sea green, lime green, grass green, mint green, apple green, bottle green, greenish, olive green, pine green,
      leaf green, sage, moss green, khaki green, army green`,
    'emerald green',
    'jade green, bright lime',
  ),
  blue: names(
    `blue, bright blue, navy, navy blue, azure, sky blue, cobalt, sapphire, royal blue, light blue, dark blue, cyan, aqua,
      denim, electric blue, baby blue, cerulean, bluish, ocean blue, midnight blue, denim blue, powder blue, cobalt blue,
      ultramarine, pale blue, steel blue`,
    'pure blue',
    'sapphire blue, bright azure',
  ),
  purple: names(
    `purple, violet, lilac, lavender, mauve, plum, indigo, amethyst, eggplant, aubergine, grape, orchid, dark purple,
      light purple, bright purple, purplish, royal purple, mulberry, pale lilac, dark violet, lavender purple, heather,
      pastel purple`,
    'bright violet',
    'deep purple, pale lavender',
  ),
};

export const SKIN_NAMES: ColorNames<'skin'> = {
  pale: names(
    `pale, very light, white, ivory, porcelain, alabaster, milky, snowy, pallid, pasty, chalky, ashen, snow white,
      milk white, lily white, wan, bloodless, almost white, extremely fair, extremely pale, ghostly, ghostly pale,
      very fair, whitish, palest, chalk white, vampire pale`,
    'very pale',
    'milky white, very white',
  ),
  light: names(
    `fair, light, peach, beige, cream, creamy, light beige, rosy, peachy, light pink, pinkish, sandy, warm light, cream-colored,
      soft beige, peach-colored, nude, vanilla, fairly light, moderately light`,
    'light peach',
    'creamy beige, fair peach',
  ),
  tan: names(
    `tan, tanned, golden, bronzed, sun-kissed, suntanned, olive, honey, bronze, light brown, amber, warm golden,
      medium, wheat, sunburnt, sun-tanned, olive-toned, caramel, yellowish, sunny, golden brown, well-tanned, honey-colored,
      sunned, medium tan, lightly tanned, warm beige`,
    'golden tan',
    'golden olive, warm honey',
  ),
  brown: names(
    `brown, medium brown, chestnut, cinnamon, mocha, coffee, toffee, brownish, nut brown, copper, warm brown, hazel,
      medium dark, chocolate brown, coffee-colored, walnut, hazelnut, coffee brown, cinnamon brown, medium-brown, tawny,
      quite brown, russet brown, reddish brown`,
    'plain brown',
    'warm cinnamon, copper brown',
  ),
  dark: names(
    `dark, dark brown, very dark, deep brown, ebony, mahogany, espresso, dark chocolate, cocoa, umber, dusky, darkest,
      extremely dark, deep, rich dark, dark mahogany, very dark brown, cocoa brown, deep chocolate, night-dark,
      dark ebony, dark cocoa`,
    'deep dark',
    'deep ebony, very deep brown',
  ),
};

/** Phrases with a place for a colour that say the colour alone. */
export const COLOR_PHRASES = {
  hairColor: {
    train: {
      before: list('{color}-haired'),
      after: list(`with {color} hair, who has {color} hair, with {color} colored hair, having {color} hair,
        with {color} coloured hair, with dyed {color} hair, with hair dyed {color}, whose hair looks {color},
        with hair of {color}, whose hair got dyed {color}, with {color} hair color, with hair in {color},
        whose hair color is {color}, who dyed the hair {color}, with {color} locks, whose head of hair is {color}`),
    },
    'held-out': { after: list('whose hair is {color}, with hair that is {color}, with hair colored {color}') },
  },
  clothesColor: {
    train: {
      after: list(`in {color} clothes, dressed in {color}, wearing {color} clothes, wearing {color},
        whose clothes are {color}, with {color} clothes, in {color} clothing, wearing {color} clothing,
        in a {color} outfit, wearing a {color} outfit, in a {color} top, wearing a {color} top, whose outfit is {color},
        who wears {color}, who wears {color} clothes, clad in {color}, with a {color} top, in {color} colored clothes,
        in {color}, whose shirt is {color}, in {color} coloured clothes, whose top looks {color}, in a {color} shirt`),
    },
    'held-out': {
      after: list('with clothes that are {color}, with {color} clothes on, dressed in {color} clothes'),
    },
  },
  skin: {
    train: {
      before: list('{color}-skinned, {color}-complexioned'),
      after: list(`with {color} skin, who has {color} skin, with a {color} face, having {color} skin,
        with a {color} complexion, with a {color} skin tone, with {color} colored skin, whose skin looks {color},
        with skin of a {color} tone, whose complexion is {color}, who has a {color} complexion, whose face looks {color},
        with {color} skin color, whose skin tone is {color}, with {color} coloured skin`),
    },
    'held-out': { after: list('whose skin is {color}, with skin that is {color}, whose face is {color}') },
  },
} as const satisfies Record<string, Record<Style, Wording>>;

/** Every phrase of the colour with every name of every value. */
function colorWords<F extends Colored>(factor: F, table: ColorNames<F>): Concept[] {
  const say = (style: Style, value: ValueName<F>): Wording => {
    const phrases: Wording = COLOR_PHRASES[factor][style];
    const { train, 'held-out': heldOut, further } = table[value];
    const fill = (texts: readonly string[] = [], called: readonly string[]): string[] =>
      texts.flatMap((text) => called.map((name) => text.replace('{color}', name)));
    if (style === 'train') return { before: fill(phrases.before, train), after: fill(phrases.after, train) };
    // A name that training knows becomes a new wording in a phrase that it does not know.
    return { after: [...fill(phrases.after, [...heldOut, train[0]!]), ...fill(phrases.after, further)] };
  };
  return (Object.keys(table) as ValueName<F>[]).map((value) =>
    concept(factor, value, say('train', value), say('held-out', value)),
  );
}

/** What is said of several colours: comparisons, and names that lie between them. */
const SHARED_COLOR_WORDS: readonly Concept[] = [
  concept(
    'hairColor',
    ['black', 'brown'],
    together(
      { before: list('dark-haired, darker-haired') },
      having('dark hair, darker hair, much darker hair, dark colored hair, a dark head of hair, hair of a dark color'),
      list('whose hair looks dark, with hair dyed darker, with hair dyed dark'),
    ),
    { after: list('whose hair is dark, whose hair is darker, with hair that is dark') },
  ),
  concept(
    'hairColor',
    ['blonde', 'silver'],
    together(
      { before: list('light-haired, lighter-haired, fairer-haired, pale-haired') },
      having(
        'light hair, lighter hair, fairer hair, pale hair, much lighter hair, light colored hair, hair of a light color',
      ),
      list('whose hair looks light, with hair dyed lighter'),
    ),
    { after: list('whose hair is light, whose hair is lighter, with hair that is light') },
  ),
  concept(
    'hairColor',
    ['pink', 'purple', 'blue', 'green'],
    together(
      { before: list('colorfully haired') },
      having(`dyed hair, unnatural hair, colorful hair, colourful hair, brightly dyed hair, hair in a bright color,
        brightly colored hair, punk colored hair, neon hair, hair of an unnatural color`),
      list('who dyed the hair, whose hair has been dyed'),
    ),
    { after: list('whose hair is dyed, whose hair is colorful') },
  ),
  concept(
    'hairColor',
    ['blue', 'green'],
    {
      after: having(
        'turquoise hair, turquoise colored hair, aquamarine hair, blue-green hair, hair dyed turquoise, peacock hair',
      ),
    },
    { after: list('whose hair is turquoise, with hair that is turquoise') },
  ),
  concept(
    'hairColor',
    ['red', 'ginger'],
    together(
      { before: list('redheaded, red-headed') },
      having('a red head of hair, hair like fire, warm red hair, reddish hair like flames'),
      list('who is a redhead, with redhead hair, being a redhead'),
    ),
    { after: list('whose hair is like fire, with the hair of a redhead') },
  ),
  concept(
    'clothesColor',
    ['black', 'gray'],
    together(
      list('with colorless clothes, without any color in the clothes'),
      wearing(`neutral clothes, colorless clothes, dull clothes, dark gray clothes, dark grey clothes, dark grey,
        colourless clothes, muted colors`),
    ),
    { after: list('whose clothes are colorless, with neutral clothes on') },
  ),
  concept(
    'clothesColor',
    ['red', 'orange', 'yellow', 'green', 'blue', 'purple'],
    together(
      list('whose clothes are colorful'),
      wearing(
        'colorful clothes, bright clothes, colourful clothes, brightly colored clothes, vivid clothes, cheerful colors',
      ),
    ),
    { after: list('with colorful clothes on, with bright clothes on') },
  ),
  concept(
    'clothesColor',
    ['red', 'purple'],
    {
      after:
        wearing(`pink, pink clothes, magenta, magenta clothes, a pink top, fuchsia, a pink shirt, fuchsia clothes, hot pink,
      rose, rose clothes`),
    },
    { after: list('whose clothes are pink, with pink clothes on') },
  ),
  concept(
    'clothesColor',
    ['blue', 'green'],
    {
      after: wearing(
        'turquoise, turquoise clothes, a turquoise top, aquamarine, aquamarine clothes, blue-green, a turquoise shirt',
      ),
    },
    { after: list('whose clothes are turquoise, with turquoise clothes on') },
  ),
  concept(
    'skin',
    ['pale', 'light'],
    together(
      { before: list('lighter-skinned, fairer-skinned, paler-skinned') },
      having(`lighter skin, paler skin, fairer skin, a lighter complexion, a paler complexion, a lighter skin tone, a paler face,
        a lighter face, less tanned skin, untanned skin, less dark skin`),
      list('whose skin looks lighter, whose skin looks paler, without a tan, with no tan'),
    ),
    { after: list('whose skin is lighter, whose face is paler') },
  ),
  concept(
    'skin',
    ['brown', 'dark'],
    together(
      { before: list('darker-skinned, browner-skinned, black-skinned') },
      having(`darker skin, a darker complexion, a darker skin tone, much darker skin, a darker face, browner skin,
        black skin, less pale skin`),
      list('whose skin looks darker'),
    ),
    { after: list('whose skin is darker, whose face is darker') },
  ),
];

export const COLOR_WORDS: readonly Concept[] = [
  ...colorWords('hairColor', HAIR_COLOR_NAMES),
  ...colorWords('clothesColor', CLOTHES_COLOR_NAMES),
  ...colorWords('skin', SKIN_NAMES),
  ...SHARED_COLOR_WORDS,
];
