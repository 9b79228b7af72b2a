/** Words for the mouth, and for moods that show in it. */
import { concept, type Concept } from './concepts.js';
import { being, having, list, looking, together } from './words-frames.js';

export const MOUTH_WORDS: readonly Concept[] = [
  concept(
    'mouth',
    'smile',
    together(
      {
        before: list('smirking, slightly smiling, gently smiling, softly smiling, quietly smiling'),
        after: list('with a small smile, with a gentle smile, smiling gently, with a closed smile'),
      },
      looking('content, pleased, satisfied, friendly, amiable, kind, contented, serene'),
      having(`a slight smile, a faint smile, a soft smile, a half smile, a smirk, a subtle smile, a little smile,
        a closed-mouth smile, a closed-lip smile, a shy smile, a tight-lipped smile, a hint of a smile, a modest smile,
        a tiny smile, a polite smile, a quiet smile, a mild smile, a smaller smile, a narrow smile, a simper,
        a slight smirk, a smug smile, a calm smile, a trace of a smile, the shadow of a smile, a warm closed smile,
        the lips curled up a little, a smile without teeth, a thin smile, a delicate smile`),
      list(`smiling softly, smiling slightly, smiling faintly, smiling a little, smiling with closed lips,
        who smiles gently, smiling with the mouth closed, who smiles a little, smiling without showing teeth,
        who is smirking, smiling politely, smiling shyly, smiling quietly, smiling a bit, who is smiling softly`),
    ),
    {
      after: list(`with a small gentle smile, whose smile is small, with a gentle closed smile, whose smile is faint,
        with a soft little smile`),
    },
  ),
  concept(
    'mouth',
    'grin',
    together(
      {
        before: list('laughing, grinning'),
        after: list('with a big smile, with a wide grin, who is laughing, with a toothy smile'),
      },
      looking(`overjoyed, joyous, jolly, delighted, ecstatic, thrilled, gleeful, elated, amused, joyful, euphoric,
        very happy, hilarious`),
      being('beaming, chuckling, giggling, cackling, laughing out loud, roaring with laughter, cracking up, rejoicing'),
      {
        before: list(
          'broadly smiling, grinning widely, widely smiling, exultant, toothily smiling, cheery, cheery-looking',
        ),
      },
      having(`a broad smile, a wide smile, a huge smile, a beaming smile, a broad grin, a toothy grin, a huge grin,
        a bigger smile, a wider smile, an open smile, a bright smile, a laugh, a radiant smile, a large smile,
        an ear-to-ear grin, a grin, a smile from ear to ear, a smile with teeth, a laughing mouth, a grinning mouth,
        a dazzling smile, a smile full of teeth, a hearty laugh, an enormous smile, a delighted smile, a giant smile,
        a cheesy grin`),
      list(`smiling broadly, smiling widely, smiling with teeth, grinning from ear to ear, who laughs, who grins,
        smiling brightly, smiling from ear to ear, smiling more, showing teeth in a smile, in stitches, bursting out laughing,
        who is beaming with joy, full of laughter, having a laugh, grinning broadly, who smiles widely, who smiles more`),
    ),
    {
      after: list(`with a big grin, who is grinning, with a wide toothy smile, whose smile is huge,
        who is smiling from ear to ear`),
    },
  ),
  concept(
    'mouth',
    'serious',
    together(
      {
        before: list('serious'),
        after: list('with a serious mouth, with a straight mouth, with a flat mouth, looking serious'),
      },
      looking(`serious, stern, deadpan, blank, grave, solemn, earnest, humorless, emotionless, expressionless,
        sober, impassive, stony, neutral, severe, businesslike, stoic, unemotional`),
      {
        before: list(`straight-faced, poker-faced, stony-faced, tight-lipped, po-faced, stone-faced, serious-faced,
          straight-mouthed, more serious`),
      },
      having(`a poker face, a straight face, pressed lips, a neutral mouth, a closed mouth, a blank face, tight lips,
        a straight line for a mouth, a level mouth, a flat line for a mouth, straight lips, a firm mouth, a set mouth,
        lips pressed together, a stern face, a stern mouth, a serious face, no expression, a grave face, sealed lips,
        a horizontal mouth, flat lips, a straight line of lips, a thin straight mouth, a resting face`),
      list(`neither smiling nor frowning, keeping a straight face, with the mouth shut, with the mouth in a line,
        showing no emotion, without emotion, without any expression`),
    ),
    {
      after: list(`with a serious look, whose mouth is straight, with a mouth that is flat, whose lips are pressed,
        with a stern straight mouth`),
    },
  ),
  concept(
    'mouth',
    'frown',
    together(
      {
        before: list('frowning, unhappy'),
        after: list('with a frown, with a sad mouth, with the mouth turned down, who is frowning'),
      },
      looking(`sad, unhappy, gloomy, glum, miserable, displeased, disappointed, dejected, depressed, sulky, sorrowful,
        downcast, sadder, upset, mournful, melancholy, morose, dissatisfied, sullen, discontented, dismal,
        despondent`),
      being('pouting, sulking, moping, brooding'),
      {
        before: list(`sad-faced, long-faced, sad-mouthed, down-in-the-mouth, frowny, visibly sad`),
      },
      having(`a downturned mouth, a pout, drooping lips, a long face, an unhappy face, a sad face, a downward mouth,
        a gloomy face, the corners of the mouth down, a turned-down mouth, a deep frown, a slight frown, lips turned down,
        the lips turned down, a frowny face, a mouth that droops, a miserable mouth, a pouty mouth, a drooping mouth,
        a curved down mouth, a glum mouth, a bigger frown, a mouth bent down, an upside-down smile`),
      list(`who frowns, with the corners of the mouth turned down, feeling sad, feeling down, in a gloomy mood,
        who looks down in the mouth, who pouts, feeling unhappy, making a sad face, making a frown`),
    ),
    {
      after: list(`with a unhappy mouth, whose mouth is sad, with a sad frown, whose mouth droops,
        with a gloomy downturned mouth`),
    },
  ),
  concept(
    'mouth',
    'open',
    together(
      {
        before: list('screaming, shouting'),
        after: list('with a open mouth, with a wide open mouth, who is screaming, with the mouth open'),
      },
      being(
        'yelling, gaping, hollering, bellowing, shrieking, roaring, howling, gasping, yawning, crying out, calling out',
      ),
      {
        before: list(`open-mouthed, agape, slack-jawed, wide-mouthed, singing, loud, bawling out, loud-mouthed,
          openmouthed, talking, speaking`),
      },
      having(`the mouth wide open, a gaping mouth, the mouth agape, an open jaw, a dropped jaw, the jaw dropped,
        a round open mouth, an opened mouth, a yelling mouth, a shouting mouth, parted lips, open lips, a yell, a scream,
        the mouth opened wide, the jaw hanging open, a big open mouth, a mouth that is open, a wide mouth, a mouth agape,
        a hole of a mouth, a shout, a mouth like an o, a roar, a yawn, a mouth opened in a scream`),
      list(`who screams, who shouts, who yells, mouth open, opening the mouth, opening the mouth wide,
        screaming out loud, shouting loudly, letting out a scream, shouting at the camera, who opens the mouth,
        with jaw on the floor, gaping in surprise, singing loudly`),
    ),
    {
      after: list(`who is shouting, whose mouth is wide open, with a screaming mouth, whose mouth is agape,
        who is letting out a yell`),
    },
  ),
  concept(
    'mouth',
    'tongue',
    together(
      {
        before: list(
          'tongue-out, silly, goofy, cheeky, teasing, silly-looking, goofy-looking, cheeky-looking, playful',
        ),
        after: list(`with the tongue out, sticking the tongue out, showing the tongue, with a tongue sticking out`),
      },
      list(`sticking out the tongue, poking the tongue out, poking out the tongue, with the tongue hanging out,
        with the tongue showing, who sticks the tongue out, blowing a raspberry, licking the lips, with a visible tongue,
        putting the tongue out, with the tongue poking out, with tongue out, tongue out, with an outstretched tongue,
        who shows the tongue, pulling a silly face, making a silly face, with a lolling tongue, being silly,
        with the tongue sticking out, who has the tongue out, with a pink tongue, with a tongue hanging out,
        pulling a face with the tongue out, with a cheeky tongue, who is showing the tongue, having the tongue out,
        with the tongue stuck out, sticking a tongue out, with a tongue in sight, who pokes the tongue out,
        looking silly, looking goofy, who is being silly, with a goofy expression, licking something`),
    ),
    {
      after: list(`whose tongue is out, who is sticking the tongue out, with a tongue out of the mouth,
        whose tongue is hanging out, who is poking out a tongue`),
    },
  ),
  concept(
    'mouth',
    'grimace',
    together(
      {
        before: list('grimacing'),
        after: list('with clenched teeth, with gritted teeth, showing the teeth, with a grimace'),
      },
      being('wincing, cringing, gritting the teeth, clenching the teeth, baring the teeth'),
      looking('tense, strained, awkward, pained, uncomfortable, embarrassed, disgusted, cringy'),
      {
        before: list('teeth-gritting, teeth-clenching, tight-jawed, tense-mouthed, grinding'),
      },
      having(`bared teeth, a tense mouth, a clenched jaw, teeth pressed together, a pained expression, grinding teeth,
        a row of teeth, a mouth full of teeth, tightly closed teeth, teeth bared, teeth clenched, teeth gritted,
        a tight jaw, visible teeth, an awkward mouth, a strained mouth, a wince, a pained mouth, a rectangular mouth,
        clenched jaws, both rows of teeth showing, a teeth-baring grimace, a square mouth with teeth, an awkward grimace`),
      list(`who grimaces, pulling a grimace, making a grimace, gnashing the teeth, grinding the teeth, baring teeth,
        clenching teeth, gritting teeth, with teeth showing but no smile, who bares the teeth, who clenches the jaw`),
    ),
    {
      after: list(`whose teeth are clenched, with the teeth gritted, who is showing clenched teeth,
        whose teeth are bared, with a tense clenched jaw`),
    },
  ),
  concept(
    'mouth',
    ['smile', 'grin'],
    together(
      {
        before: list('smiling, smiley, smiley-faced, happy-faced'),
        after: list('with a smile, who is smiling, who smiles, wearing a smile, in a good mood, smiling at the camera'),
      },
      looking('happy, cheerful, happier, glad, good-humored, merry, upbeat, positive'),
      having(
        'a smiling mouth, a happy mouth, a nice smile, a happy smile, a happy face, a smiling face, a cheerful smile',
      ),
    ),
    {
      after: list(`with a mouth that is smiling, whose mouth is smiling, whose mouth is happy,
        with a nice happy smile on the face`),
    },
  ),
  concept(
    'mouth',
    ['serious', 'frown'],
    {
      before: list('unsmiling, humourless'),
      after:
        list(`without a smile, with no smile, not smiling, who isn't smiling, who is not smiling, who does not smile,
        lacking a smile, with less of a smile, not laughing, not happy, not amused, unamused, who looks unamused,
        who never smiles, looking less happy, who doesn't smile, who isn't happy, refusing to smile`),
    },
    { after: list('without any smile, who is not amused, with no smile on the face') },
  ),
  concept(
    'mouth',
    ['smile', 'serious', 'frown'],
    {
      before: list('closed-mouthed, silent, quiet'),
      after:
        list(`with closed lips, with the lips closed, who is silent, not talking, not showing teeth, saying nothing,
        with the mouth kept closed, keeping quiet, without showing teeth, with no teeth showing`),
    },
    { after: list('whose lips are closed, who is not showing teeth') },
  ),
];
