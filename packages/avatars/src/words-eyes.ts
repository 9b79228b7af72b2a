/** Words for eyes and brows. */
import { concept, type Concept } from './concepts.js';
import { being, having, list, looking, together } from './words-frames.js';

const EYE_WORDS: readonly Concept[] = [
  concept(
    'eyes',
    'open',
    together(
      {
        after: list(`with plain open eyes, with normal eyes, looking straight ahead, with simple eyes,
          looking at the camera, looking at the viewer, looking forward, gazing straight ahead, facing the camera,
          who looks straight ahead, looking at you, with eyes on the camera, looking into the camera,
          looking directly at the viewer, with eyes neither wide nor closed, with nothing special about the eyes`),
      },
      having(`ordinary eyes, regular eyes, neutral eyes, plain eyes, relaxed eyes, default eyes, calm eyes, awake eyes,
        a direct gaze, a steady gaze, a straight gaze, plain round eyes, open eyes, simple dots for eyes, dot eyes,
        usual eyes, normal open eyes, an even gaze, a neutral gaze`),
    ),
    {
      after: list(`with simple open eyes, whose eyes look straight ahead, with eyes that are plain,
        whose eyes are normal, with a plain straight gaze`),
    },
  ),
  concept(
    'eyes',
    'smiling',
    together(
      {
        before: list('happy-eyed, merry-eyed, bright-eyed, smiley-eyed'),
        after: list(`with smiling eyes, with happy eyes, with cheerful eyes, whose eyes are smiling,
          smiling with the eyes, with eyes full of joy, with joy in the eyes, with eyes squeezed in laughter`),
      },
      having(`merry eyes, joyful eyes, laughing eyes, twinkling eyes, sparkling eyes, crescent eyes, friendly eyes,
        curved eyes, smiley eyes, beaming eyes, delighted eyes, jolly eyes, glad eyes, eyes curved with joy,
        eyes like arches, arched eyes, eyes crinkled with joy, a twinkle in the eyes, gleeful eyes, squinting happy eyes,
        content eyes, warm smiling eyes`),
    ),
    {
      after: list(`with happy smiling eyes, whose eyes are happy, with eyes that are cheerful,
        whose eyes are full of joy, with merry twinkling eyes`),
    },
  ),
  concept(
    'eyes',
    'closed',
    together(
      {
        before: list('sleeping'),
        after: list(`with closed eyes, with both eyes closed, with eyes shut, who is sleeping`),
      },
      being(`asleep, dozing, napping, snoozing, slumbering, dreaming, meditating, nodding off, fast asleep,
        sound asleep, dozing off, taking a nap, resting the eyes, closing both eyes, falling asleep`),
      { before: list('sleepy, drowsy, sleepy-looking, drowsy-looking, sleepy-eyed, snoring, dormant') },
      having(`shut eyes, eyes closed, lowered eyelids, closed eyelids, the eyelids down, the lids down,
        eyes shut tight, tightly closed eyes, peacefully closed eyes, both eyelids closed, sleepy eyes, sleeping eyes,
        drooping eyelids, eyes that are not open`),
      list(`who sleeps, who closed the eyes, who does not look, whose eyelids are down, looking asleep, looking sleepy,
        with a sleepy expression, with eyes wide shut, whose eyes aren't open`),
    ),
    {
      after: list(`with both eyes shut, whose eyes are closed, with the eyes closed, whose lids are shut,
        who is sleeping with lowered lids`),
    },
  ),
  concept(
    'eyes',
    'wide',
    together(
      {
        before: list('surprised, astonished, wide-eyed'),
        after: list('with wide eyes, with wide open eyes, looking surprised, with a look of surprise'),
        plainest: 'before',
      },
      looking(`amazed, shocked, startled, stunned, astounded, flabbergasted, dumbfounded, frightened, scared, alarmed,
        surprised, astonished, taken aback, terrified, baffled, speechless`),
      {
        before: list(`bug-eyed, goggle-eyed, gobsmacked, staring, saucer-eyed, big-eyed, round-eyed, popeyed,
          thunderstruck, awestruck, fearful, pop-eyed`),
      },
      having(`big round eyes, popping eyes, bulging eyes, huge eyes, eyes like saucers, wider eyes, bigger eyes,
        enormous eyes, staring eyes, eyes wide open, an expression of shock, an expression of surprise, shocked eyes,
        startled eyes, astonished eyes, goggling eyes, large eyes, eyes popping out, eyes opened wide, very wide eyes,
        a look of shock, a look of amazement, eyes open in shock, big eyes`),
      list(`staring in surprise, staring in shock, in shock, who is staring, who got a fright, in amazement`),
    ),
    {
      after: list(`with a surprised look, whose eyes are wide open, with surprised eyes, whose eyes are huge,
        with a startled look`),
    },
  ),
  concept(
    'eyes',
    'wink',
    together(
      {
        before: list('winking'),
        after: list('who is winking, with one eye closed, giving a wink, with a wink'),
      },
      {
        before: list('flirting, flirty, flirtatious, winky, winking-eyed, flirty-looking'),
        after: list(`winking at the camera, winking at you, who winks, with a cheeky wink, with just one eye open,
          with only one eye open, with an eye closed, closing one eye, making a wink, with one eye winking,
          with a single closed eye, who closes one eye, with one open eye and one closed eye, with one closed eye,
          blinking with one eye, with a flirty wink, winking with one eye, with a playful wink, having one eye closed,
          giving a cheeky wink, with a friendly wink, who has one eye closed, throwing a wink, with a winky face`),
      },
    ),
    {
      after: list(`with one eye shut, who is giving a wink, with a winking eye, who is closing one eye,
        with a flirty winking eye`),
    },
  ),
  concept(
    'eyes',
    'sideways',
    together({
      before: list('side-eyeing, shifty-eyed, sideways-looking, shifty, shifty-looking, side-glancing'),
      after: list(`looking sideways, looking to the side, with eyes turned to the side, giving a side glance,
          looking away, looking aside, glancing sideways, glancing to the side, giving the side eye, with averted eyes,
          giving side-eye, with eyes averted, who looks away, looking off to one side, peeking to the side,
          looking to one side, with a look to the side, gazing sideways, peering sideways, eyeing something to the side,
          looking out of the corner of the eye, with the gaze turned aside, with shifty eyes, with sideways eyes,
          with eyes to one side, looking askance, not looking at the camera, who is looking away, who glances aside,
          with eyes pointing sideways, with pupils to the side, avoiding the gaze, with eyes looking away`),
    }),
    {
      after: list(`whose eyes look to the side, with eyes looking sideways, with a sideways glance,
        whose gaze is averted, who is glancing aside`),
    },
  ),
  concept(
    'eyes',
    'tearful',
    together(
      {
        before: list('crying, tearful'),
        after: list('with sad eyes, with tearful eyes, who is crying, with a tear'),
      },
      being('weeping, sobbing, bawling, teary, weepy, shedding tears, shedding a tear, whimpering, crying a tear'),
      { before: list('teary-eyed, misty-eyed, wet-eyed, sad-eyed, tear-stained, watery-eyed, heartbroken, grieving') },
      having(`tears, a teardrop, teary eyes, wet eyes, watery eyes, weeping eyes, a tear on the cheek,
        a tear rolling down, tears in the eyes, tears on the face, a single tear, a tear under one eye, weepy eyes,
        eyes full of tears, moist eyes, a tear running down the cheek, a drop under the eye, puffy crying eyes,
        damp eyes, sorrowful eyes, sadder eyes, tears running down, a tear-stained face`),
      list('in tears, who cries, who weeps, moved to tears, close to tears, with eyes that cry, looking tearful'),
    ),
    {
      after: list(`with crying eyes, with a tear in the eye, whose eyes are sad, whose eyes are full of tears,
        who is in tears`),
    },
  ),
  concept(
    'eyes',
    ['open', 'smiling', 'wide', 'sideways', 'tearful'],
    {
      before: list('awake, wide-awake'),
      after: list(`with neither eye closed, who is awake, who is not sleeping, not winking, not asleep,
        who isn't sleeping, without closed eyes`),
    },
    { after: list('who is not asleep, who is not winking') },
  ),
];

const BROW_WORDS: readonly Concept[] = [
  concept(
    'brows',
    'neutral',
    together(
      list('with relaxed brows, with relaxed eyebrows, with calm eyebrows, with normal eyebrows'),
      having(`natural eyebrows, ordinary eyebrows, plain eyebrows, resting eyebrows, soft eyebrows, regular eyebrows,
        neutral eyebrows, neutral brows, natural brows, ordinary brows, regular brows, plain brows, gentle brows,
        gently curved eyebrows, softly curved brows, default eyebrows, a relaxed brow, a smooth brow, a calm brow,
        an unfurrowed brow, eyebrows at rest, usual eyebrows, lightly curved eyebrows`),
      list('with brows neither raised nor lowered, not raising the eyebrows, not scowling'),
    ),
    {
      after: list(`with calm brows, whose brows are relaxed, with normal relaxed eyebrows, whose eyebrows are natural,
        with soft natural brows`),
    },
  ),
  concept(
    'brows',
    'flat',
    together(
      list('with flat brows, with flat eyebrows, with thick straight eyebrows, with level eyebrows'),
      looking('bored, unimpressed, indifferent, apathetic, uninterested'),
      {
        before: list('straight-browed, flat-browed, heavy-browed'),
      },
      having(`straight brows, straight eyebrows, horizontal eyebrows, horizontal brows, level brows, heavy brows,
        heavy eyebrows, thick eyebrows, bushy eyebrows, thick brows, bushy brows, unarched eyebrows, low eyebrows,
        straight thick brows, eyebrows like lines, eyebrows in a straight line, dense eyebrows, strong eyebrows,
        thicker eyebrows, flatter eyebrows, low straight eyebrows, even eyebrows`),
    ),
    {
      after: list(`with thick flat brows, whose eyebrows are flat, with straight level brows,
        whose brows are straight, with heavy horizontal brows`),
    },
  ),
  concept(
    'brows',
    'angry',
    together(
      {
        before: list('angry, scowling'),
        after: list('with angry brows, with angry eyebrows, with slanted eyebrows, looking angry'),
      },
      looking(`angry, mad, cross, furious, annoyed, irate, enraged, grumpy, fierce, irritated, livid, bad-tempered,
        angrier, fuming, hostile, resentful, outraged, wrathful, infuriated, evil, mean, crabby, cranky`),
      { before: list('glaring, glowering, raging, cross-faced, angry-faced, vexed, ill-tempered, seething') },
      having(`furrowed brows, a furrowed brow, knitted brows, lowered brows, lowered eyebrows, furrowed eyebrows,
        a scowl, a glare, knitted eyebrows, brows drawn together, eyebrows pulled down, cross eyebrows, mad eyebrows,
        furious eyebrows, evil eyebrows, a cross face, an angry face, an angry scowl, frowning brows, frowning eyebrows,
        v-shaped eyebrows, eyebrows slanting down, a wrinkled brow, brows drawn down, a face full of anger`),
      list(`who is scowling, in anger, full of anger, in a rage, in a bad mood, who scowls, scowling at you,
        frowning with the brows, glaring at the camera, with anger in the brows`),
    ),
    {
      after: list(`with a angry look, whose brows are angry, with slanted brows, whose eyebrows are furrowed,
        with a furious scowl`),
    },
  ),
  concept(
    'brows',
    'raised',
    together(
      list('with raised brows, with raised eyebrows, with arched eyebrows, with both brows lifted'),
      looking('curious, intrigued, interested, impressed, hopeful, expectant, attentive'),
      having(`high eyebrows, high brows, arched brows, lifted brows, eyebrows up, brows up, high arched eyebrows,
        eyebrows raised high, eyebrows lifted up, brows raised, both eyebrows up, highly arched brows, elevated eyebrows,
        elevated brows, eyebrows pulled up, brows arched high, both brows raised, higher eyebrows, upraised brows,
        excited eyebrows, curved high eyebrows, both brows up, eyebrows far above the eyes`),
      {
        before: list('eyebrow-raising, high-browed'),
        after: list(`raising the eyebrows, raising both eyebrows, raising both brows, lifting the eyebrows,
          who raises the eyebrows, lifting both brows, who lifts both eyebrows, arching the eyebrows`),
      },
    ),
    {
      after: list(`with lifted eyebrows, whose eyebrows are raised, with both eyebrows raised, whose brows are arched,
        who is raising both eyebrows`),
    },
  ),
  concept(
    'brows',
    'sad',
    together(
      {
        before: list('worried, concerned'),
        after: list('with worried brows, with sad brows, with worried eyebrows, looking worried'),
      },
      looking(`worried, concerned, anxious, nervous, troubled, uneasy, distressed, fretful, apprehensive, pleading,
        stressed, pitiful, desperate, uncertain, insecure, helpless`),
      having(`concerned brows, anxious brows, anxious eyebrows, drooping eyebrows, drooping brows, concerned eyebrows,
        troubled brows, nervous eyebrows, eyebrows slanting up, upturned eyebrows, upturned brows, pleading eyebrows,
        eyebrows raised in the middle, brows lifted in the middle, a worried brow, a troubled brow, a concerned brow,
        downcast eyebrows, pitiful eyebrows, mournful eyebrows, sorrowful brows, a face full of worry`),
      list(
        'full of worry, in distress, who worries, full of concern, begging with the brows, with eyebrows that droop',
      ),
    ),
    {
      after: list(`with a worried look, whose brows are sad, with sad eyebrows, whose eyebrows droop,
        with a nervous look`),
    },
  ),
  concept(
    'brows',
    'uneven',
    together(
      {
        before: list('skeptical, doubtful'),
        after: list('with uneven brows, with one raised eyebrow, with one brow up, looking skeptical'),
      },
      looking(`skeptical, sceptical, doubtful, dubious, suspicious, quizzical, unconvinced, incredulous, questioning,
        puzzled, confused, disbelieving, distrustful, perplexed, wary, wondering, sarcastic, ironic`),
      having(`one eyebrow raised, one eyebrow up, a raised eyebrow, a cocked eyebrow, one cocked eyebrow, crooked brows,
        mismatched eyebrows, lopsided eyebrows, uneven eyebrows, asymmetric eyebrows, one arched eyebrow, crooked eyebrows,
        one lifted brow, one brow raised, one brow higher than the other, eyebrows at different heights, a single raised brow,
        unequal brows, unequal eyebrows, lopsided brows, one high eyebrow, an arched eyebrow, a face full of doubt`),
      list(`raising one eyebrow, raising an eyebrow, lifting one eyebrow, cocking an eyebrow, who raises one eyebrow,
        arching one eyebrow, who doubts it, full of doubt, in disbelief, raising just one brow, quirking an eyebrow`),
    ),
    {
      after: list(`with a skeptical look, with one eyebrow lifted, whose brows are uneven, whose eyebrows are crooked,
        who is raising one brow`),
    },
  ),
];

export const EYE_AND_BROW_WORDS: readonly Concept[] = [...EYE_WORDS, ...BROW_WORDS];
