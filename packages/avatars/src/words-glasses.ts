/** Words for glasses, and for a face without. */
import { concept, type Concept } from './concepts.js';
import { lacking, list, together, wearingGlasses } from './words-frames.js';

export const GLASSES_WORDS: readonly Concept[] = [
  concept(
    'glasses',
    'none',
    together(
      {
        before: list('glassesless, glasses-free, unbespectacled, bare-eyed'),
        after:
          list(`without glasses, with no glasses, not wearing glasses, who has no glasses, who isn't wearing glasses,
          who is not wearing glasses, not wearing any glasses, who does not wear glasses, who doesn't wear glasses,
          with the glasses off, who took off the glasses, taking the glasses off, without wearing glasses,
          not in glasses, with glasses removed, with nothing on the nose, with nothing over the eyes, with bare eyes,
          who has taken the glasses off, with uncovered eyes, who needs no glasses, not wearing spectacles, with naked eyes,
          not wearing specs, who isn't in glasses, who never wears glasses, free of glasses, with an unobstructed gaze,
          with no frames on the face, with contact lenses instead of glasses, with contacts, no longer wearing glasses,
          who doesn't need glasses, with the glasses taken off, who wears no glasses, wearing no glasses, neither glasses nor sunglasses`),
      },
      lacking('glasses, spectacles, specs, eyeglasses, eyewear, any eyewear, any spectacles, glasses or sunglasses'),
    ),
    {
      after: list(`without any glasses, with no glasses on, who is not wearing any glasses, who has no specs,
        who isn't wearing any eyewear, whose glasses are off`),
    },
  ),
  concept(
    'glasses',
    'round',
    together(
      {
        before: list('round-spectacled, round-bespectacled'),
        after: list('with round glasses, wearing round glasses, in round spectacles, with circular glasses'),
      },
      wearingGlasses(`round spectacles, round specs, round-rimmed glasses, round-framed glasses, round eyeglasses,
        circular glasses, circular specs, glasses with round frames, glasses with round lenses, circle glasses,
        small round glasses, round frames, round rims, owl glasses, harry potter glasses, john lennon glasses,
        circular frames, round lenses, wire-rimmed glasses, curved glasses, circle-shaped glasses, rounder glasses,
        round reading glasses, round clear glasses, a round pair of glasses, oval glasses, granny glasses`),
    ),
    {
      after: list(`with glasses that are round, wearing circular spectacles, with round glasses on,
        whose glasses are round, with circular specs on`),
    },
  ),
  concept(
    'glasses',
    'square',
    together(
      {
        before: list('square-spectacled, square-bespectacled'),
        after: list('with square glasses, wearing square glasses, in square spectacles, with rectangular glasses'),
      },
      wearingGlasses(`square spectacles, square specs, square-rimmed glasses, square-framed glasses, square eyeglasses,
        rectangular glasses, rectangular specs, glasses with square frames, glasses with square lenses, boxy glasses,
        angular glasses, square frames, rectangular frames, thick-framed glasses, oblong glasses, square lenses,
        thick-rimmed glasses, horn-rimmed glasses, nerd glasses, nerdy glasses, geeky glasses, hipster glasses,
        rectangle glasses, square reading glasses, square clear glasses, a square pair of glasses, big frames, teacher glasses,
        squarer glasses, librarian glasses`),
    ),
    {
      after: list(`with glasses that are square, wearing rectangular spectacles, with square glasses on,
        whose glasses are square, with rectangular specs on`),
    },
  ),
  concept(
    'glasses',
    'sunglasses',
    together(
      {
        after: list(`with wayfarer sunglasses, wearing wayfarers, wearing square sunglasses,
          with rectangular sunglasses`),
      },
      wearingGlasses(`wayfarers, wayfarer shades, wayfarer sunglasses, square shades, square sunnies, boxy sunglasses,
        square dark glasses, rectangular shades, square tinted glasses, classic sunglasses, classic shades,
        angular sunglasses, ray-bans, ray-ban sunglasses, blues brothers sunglasses, square-framed sunglasses,
        sunglasses with square frames, beach sunglasses, thick-framed sunglasses, rectangular dark glasses,
        square tinted lenses, agent sunglasses, angular shades, sunglasses with straight frames`),
    ),
    {
      after: list(`with sunglasses that are square, in wayfarer sunglasses, with square wayfarers on,
        whose sunglasses are square, with rectangular shades on`),
    },
  ),
  concept(
    'glasses',
    'shades',
    together(
      {
        after: list(`with cat-eye sunglasses, wearing black shades, in cat-eye shades, with big black sunglasses`),
      },
      wearingGlasses(`cat-eye sunglasses, cat-eye shades, cat eye sunglasses, cat eye glasses, oversized sunglasses,
        big shades, huge sunglasses, big dark glasses, retro sunglasses, big round sunglasses, rock star sunglasses,
        oversized shades, film star sunglasses, rounded sunglasses, curved sunglasses, glamorous sunglasses,
        large sunglasses, large dark glasses, giant sunglasses, diva sunglasses, big black shades, grunge sunglasses,
        kurt cobain sunglasses, butterfly sunglasses, vintage sunglasses, wide sunglasses, round sunglasses,
        winged sunglasses`),
    ),
    {
      after: list(`with black cat-eye sunglasses, with big black shades on, with shades that are black,
        whose sunglasses are big and black, with huge retro shades`),
    },
  ),
  concept(
    'glasses',
    ['sunglasses', 'shades'],
    together(
      {
        before: list('sunglassed, sunglasses-wearing'),
        after: list('with sunglasses, wearing sunglasses, in sunglasses, with dark glasses'),
      },
      wearingGlasses(`shades, sunnies, dark glasses, tinted glasses, dark lenses, tinted lenses, dark shades, cool shades,
        cool sunglasses, dark sunglasses, darker glasses, a pair of shades, a pair of sunglasses, black glasses,
        opaque glasses, sun glasses, black lenses, shaded glasses, darkened glasses, dark eyewear, glasses against the sun,
        dark spectacles, mirrored sunglasses, black sunglasses, aviators, polarized glasses`),
      list('hiding the eyes, with eyes hidden behind dark lenses, whose eyes are hidden, with covered eyes'),
    ),
    {
      after: list(`with sunglasses on, who is wearing sunglasses, with glasses that are dark,
        whose glasses are dark, with dark shades on`),
    },
  ),
  concept(
    'glasses',
    ['round', 'square'],
    together(
      {
        before: list('bespectacled, spectacled, glasses-wearing'),
        after: list('with glasses, wearing glasses, in spectacles, with clear glasses'),
      },
      wearingGlasses(`specs, spectacles, eyeglasses, reading glasses, prescription glasses, clear lenses, clear glasses,
        a pair of glasses, a pair of specs, see-through glasses, transparent glasses, ordinary glasses, clear spectacles,
        corrective lenses, lenses, optical glasses, clear eyewear, glasses and no sunglasses, a pair of spectacles`),
    ),
    {
      after: list(`with glasses on, who is wearing glasses, with spectacles on, with a pair of specs on`),
    },
  ),
  concept(
    'glasses',
    ['none', 'round', 'square'],
    together(
      lacking('sunglasses, shades, dark glasses'),
      list(`not wearing sunglasses, who isn't wearing sunglasses, with the sunglasses off, with visible eyes,
        whose eyes can be seen, who took off the sunglasses, not wearing shades`),
    ),
    { after: list(`without any sunglasses, with no sunglasses on, who is not wearing any shades`) },
  ),
  concept(
    'glasses',
    ['round', 'square', 'sunglasses', 'shades'],
    together(
      wearingGlasses('eyewear, frames, some kind of glasses, glasses or sunglasses'),
      list('with something over the eyes, with frames on the nose, with something on the nose'),
    ),
    { after: list('with eyewear on, who is wearing eyewear') },
  ),
];
