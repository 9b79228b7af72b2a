/** Words for beards and moustaches, and for a face without. */
import { concept, type Concept } from './concepts.js';
import { having, lacking, list, together } from './words-frames.js';

export const BEARD_WORDS: readonly Concept[] = [
  concept(
    'beard',
    'none',
    together(
      {
        before: list(`clean-shaven, beardless, shaven, clean shaven, smooth-faced, baby-faced, bare-faced, unbearded,
          whiskerless, smooth-chinned, smooth-cheeked, freshly shaven, cleanly shaven, smooth-shaven, barefaced,
          moustacheless, close-shaven`),
        after:
          list(`without a beard, with no beard, without any beard, who is clean-shaven, not bearded, who is beardless,
          who has shaved, who shaved off the beard, with the beard shaved off, with the face shaved, freshly shaved,
          who shaves, who doesn't have a beard, who does not have a beard, not wearing a beard, without a moustache,
          without a mustache, who isn't bearded, who is not bearded, without a single whisker, with beard removed,
          with the beard gone, free of facial hair, with the moustache shaved off, with a face free of hair,
          no longer bearded, looking clean-shaven, with neither beard nor moustache, who lost the beard, after shaving`),
      },
      lacking(`beard, moustache, mustache, stubble, whiskers, goatee, beard or moustache, beard at all, any facial hair,
        any stubble, any moustache, any whiskers, hair on the chin`),
      list('without facial hair, lacking facial hair, who lacks facial hair, with zero facial hair, minus facial hair'),
      having(`a smooth face, a smooth chin, a shaven face, a shaved face, a bare chin, a hairless face, a hairless chin,
        smooth cheeks, a bare face, a bare upper lip, clean-shaven cheeks, a clean-shaven chin, a smooth shave,
        a shaved chin, a shaven chin, a baby face, bare cheeks`),
    ),
    {
      after: list(`with no facial hair, who has no beard, whose face is clean-shaven, whose chin is smooth,
        who has no whiskers, with no stubble on the face`),
    },
  ),
  concept(
    'beard',
    'short',
    together(
      {
        before: list(`stubbly, stubble-faced, unshaven, short-bearded, scruffy-faced, stubbled, lightly bearded,
          goateed, scruffy, scruffy-looking, unshaven-looking`),
        after: list(`with a short {hair} beard, with a trimmed {hair} beard, with a neat {hair} beard,
          who has a short {hair} beard`),
      },
      having(`{hair} stubble, a {hair} goatee, a five o'clock shadow, a light {hair} beard, a {hair} stubble beard,
        {hair} scruff, designer stubble, a close-cropped {hair} beard, a small {hair} beard, a little {hair} beard,
        a tidy {hair} beard, a well-groomed {hair} beard, a shorter {hair} beard, a {hair} chin beard, a {hair} chinstrap,
        a {hair} van dyke, a {hair} soul patch, a stubbly {hair} chin, three-day stubble, a few days of {hair} stubble,
        a trim {hair} beard, {hair} bristles on the chin, a clipped {hair} beard, short {hair} stubble,
        a thin {hair} beard, a shadow of a {hair} beard, an unshaven face, a stubbly face, a boxed {hair} beard,
        short {hair} facial hair, trimmed {hair} facial hair, a close {hair} beard, a modest {hair} beard`),
    ),
    {
      after: list(`with a short trimmed {hair} beard, with a {hair} beard that is short, whose {hair} beard is neat,
        whose {hair} beard is short, with light {hair} stubble on the chin`),
    },
  ),
  concept(
    'beard',
    'full',
    together(
      {
        before: list(`long-bearded, heavily bearded, full-bearded, bushy-bearded, thick-bearded, big-bearded,
          very bearded, shaggy-bearded`),
        after: list(`with a full {hair} beard, with a long {hair} beard, with a big bushy {hair} beard,
          who has a full {hair} beard`),
      },
      having(`a bushy {hair} beard, a thick {hair} beard, a heavy {hair} beard, a huge {hair} beard,
        a flowing {hair} beard, a {hair} wizard beard, a {hair} lumberjack beard, a {hair} santa beard,
        a massive {hair} beard, a longer {hair} beard, a thicker {hair} beard, a great {hair} beard, a big {hair} beard,
        a dense {hair} beard, a {hair} viking beard, a wild {hair} beard, a shaggy {hair} beard, a bigger {hair} beard,
        a fuller {hair} beard, a large {hair} beard, a majestic {hair} beard, an impressive {hair} beard,
        an untrimmed {hair} beard, a long bushy {hair} beard, a {hair} prophet beard, more {hair} beard,
        long {hair} facial hair, full {hair} facial hair, thick {hair} facial hair, lots of {hair} facial hair,
        a {hair} beard down to the chest, a bearish {hair} beard`),
    ),
    {
      after: list(`with a long full {hair} beard, with a {hair} beard that is long, whose {hair} beard is big,
        whose {hair} beard is bushy, with a huge shaggy {hair} beard`),
    },
  ),
  concept(
    'beard',
    'moustache',
    together(
      {
        before: list('thick-moustached, bushy-moustached, walrus-moustached, thick-mustached'),
        after: list(`with a thick {hair} moustache, with a bushy {hair} mustache, with a thick {hair} mustache,
          with a bushy {hair} moustache`),
      },
      having(`a big {hair} moustache, a walrus {hair} moustache, a heavy {hair} moustache, a broad {hair} moustache,
        a {hair} chevron moustache, a large {hair} mustache, a dense {hair} mustache, a full {hair} moustache,
        a wide {hair} mustache, a magnum moustache, a {hair} cop mustache, a drooping {hair} moustache,
        a big {hair} mustache, a walrus {hair} mustache, a heavy {hair} mustache, a chunky {hair} mustache,
        a thicker {hair} moustache, a bushier {hair} mustache, a bushy {hair} tache, a thick {hair} upper lip,
        a {hair} sheriff moustache, a straight {hair} moustache, a strong {hair} moustache, a solid {hair} mustache,
        a broad {hair} mustache`),
    ),
    {
      after: list(`with a thick bushy {hair} moustache, with a {hair} moustache that is thick,
        whose {hair} mustache is bushy, whose {hair} moustache is big, with a heavy broad {hair} mustache`),
    },
  ),
  concept(
    'beard',
    'handlebar',
    together(
      {
        before: list('handlebar-moustached, curly-moustached, handlebar-mustached'),
        after: list(`with a {hair} handlebar moustache, with a thin curled {hair} moustache,
          with a {hair} handlebar mustache, with a curled {hair} mustache`),
      },
      having(`a {hair} handlebar, a curly {hair} moustache, a curly {hair} mustache, a twirly {hair} moustache,
        a twirled {hair} mustache, a waxed {hair} moustache, a waxed {hair} mustache, a fancy {hair} moustache,
        a fancy {hair} mustache, a villain moustache, a pointed {hair} moustache, a pointy {hair} mustache,
        a {hair} dali moustache, a thin {hair} moustache, a thin {hair} mustache, a {hair} poirot moustache,
        an upturned {hair} moustache, a twisted {hair} mustache, an elegant {hair} moustache, a dandy {hair} moustache,
        a {hair} moustache curling up, a {hair} mustache with curled tips, a {hair} gentleman moustache,
        a narrow {hair} moustache, a {hair} moustache with upturned ends, a slim {hair} mustache, a dapper {hair} moustache`),
    ),
    {
      after: list(`with a curled {hair} handlebar moustache, with a {hair} moustache that is curled,
        whose {hair} mustache is thin, whose {hair} moustache is twirled, with a waxed handlebar {hair} mustache`),
    },
  ),
  concept(
    'beard',
    ['short', 'full'],
    together(
      {
        before: list('bearded, bearded-looking, beardy'),
        after:
          list(`with a {hair} beard, who has a {hair} beard, with a {hair} beard on the face, having a {hair} beard,
          who grew a {hair} beard, sporting a {hair} beard, wearing a {hair} beard, who is bearded, with {hair} beard`),
      },
      having(`a bearded face, a bearded chin, {hair} hair on the chin, some {hair} beard, {hair} whiskers on the chin,
        a nice {hair} beard, a {hair} beard covering the chin`),
    ),
    {
      after: list(`whose face has a {hair} beard, with a face that has a {hair} beard, whose chin has a {hair} beard`),
    },
  ),
  concept(
    'beard',
    ['moustache', 'handlebar'],
    together(
      {
        before: list('moustached, mustached, mustachioed, moustachioed, mustachoed'),
        after: list(`with a {hair} moustache, with a {hair} mustache, who has a {hair} moustache,
          sporting a {hair} moustache, sporting a {hair} mustache`),
      },
      having(`a {hair} stache, a {hair} tache, {hair} hair on the upper lip, {hair} hair over the lip, a {hair} mustache,
        a {hair} moustache and no beard, a {hair} mustache but no beard, a {hair} moustache under the nose, a nice {hair} moustache`),
    ),
    {
      after: list(`with a {hair} moustache on the face, whose face has a {hair} mustache,
        with a {hair} mustache on the upper lip`),
    },
  ),
  concept(
    'beard',
    ['short', 'full', 'moustache', 'handlebar'],
    together(
      {
        before: list('whiskered, hairy-faced, whiskery, not clean-shaven'),
        after: list(`with {hair} facial hair, who has {hair} facial hair, having {hair} facial hair,
          who has not shaved, growing {hair} facial hair, who doesn't shave, with some {hair} facial hair,
          who isn't clean-shaven, with more {hair} facial hair, who never shaves`),
      },
      having('{hair} whiskers, a hairy face, hair in the face, a {hair} growth on the face'),
    ),
    {
      after: list(`with {hair} hair on the face, whose face has {hair} hair, with {hair} whiskers on the face`),
    },
  ),
];
