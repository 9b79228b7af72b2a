/** Words for the face: eyes, brows, mouth, glasses and beard. */
import { concept, type Concept } from './concepts.js';

export const FACE_WORDS: readonly Concept[] = [
  concept(
    'eyes',
    'open',
    { after: ['with plain open eyes', 'with normal eyes', 'looking straight ahead', 'with simple eyes'] },
    { after: ['with simple open eyes', 'whose eyes look straight ahead', 'with eyes that are plain'] },
  ),
  concept(
    'eyes',
    'smiling',
    { after: ['with smiling eyes', 'with happy eyes', 'with cheerful eyes', 'whose eyes are smiling'] },
    { after: ['with happy smiling eyes', 'whose eyes are happy', 'with eyes that are cheerful'] },
  ),
  concept(
    'eyes',
    'closed',
    { before: ['sleeping'], after: ['with closed eyes', 'with both eyes closed', 'with eyes shut', 'who is sleeping'] },
    { after: ['with both eyes shut', 'whose eyes are closed', 'with the eyes closed'] },
  ),
  concept(
    'eyes',
    'wide',
    {
      before: ['surprised', 'astonished', 'wide-eyed'],
      after: ['with wide eyes', 'with wide open eyes', 'looking surprised', 'with a look of surprise'],
      plainest: 'before',
    },
    { after: ['with a surprised look', 'whose eyes are wide open', 'with surprised eyes'] },
  ),
  concept(
    'eyes',
    'wink',
    { before: ['winking'], after: ['who is winking', 'with one eye closed', 'giving a wink', 'with a wink'] },
    { after: ['with one eye shut', 'who is giving a wink', 'with a winking eye'] },
  ),
  concept(
    'eyes',
    'sideways',
    { after: ['looking sideways', 'looking to the side', 'with eyes turned to the side', 'giving a side glance'] },
    { after: ['whose eyes look to the side', 'with eyes looking sideways', 'with a sideways glance'] },
  ),
  concept(
    'eyes',
    'tearful',
    { before: ['crying', 'tearful'], after: ['with sad eyes', 'with tearful eyes', 'who is crying', 'with a tear'] },
    { after: ['with crying eyes', 'with a tear in the eye', 'whose eyes are sad'] },
  ),

  concept(
    'brows',
    'neutral',
    { after: ['with relaxed brows', 'with relaxed eyebrows', 'with calm eyebrows', 'with normal eyebrows'] },
    { after: ['with calm brows', 'whose brows are relaxed', 'with normal relaxed eyebrows'] },
  ),
  concept(
    'brows',
    'flat',
    { after: ['with flat brows', 'with flat eyebrows', 'with thick straight eyebrows', 'with level eyebrows'] },
    { after: ['with thick flat brows', 'whose eyebrows are flat', 'with straight level brows'] },
  ),
  concept(
    'brows',
    'angry',
    {
      before: ['angry', 'scowling'],
      after: ['with angry brows', 'with angry eyebrows', 'with slanted eyebrows', 'looking angry'],
    },
    { after: ['with a angry look', 'whose brows are angry', 'with slanted brows'] },
  ),
  concept(
    'brows',
    'raised',
    { after: ['with raised brows', 'with raised eyebrows', 'with arched eyebrows', 'with both brows lifted'] },
    { after: ['with lifted eyebrows', 'whose eyebrows are raised', 'with both eyebrows raised'] },
  ),
  concept(
    'brows',
    'sad',
    {
      before: ['worried', 'concerned'],
      after: ['with worried brows', 'with sad brows', 'with worried eyebrows', 'looking worried'],
    },
    { after: ['with a worried look', 'whose brows are sad', 'with sad eyebrows'] },
  ),
  concept(
    'brows',
    'uneven',
    {
      before: ['skeptical', 'doubtful'],
      after: ['with uneven brows', 'with one raised eyebrow', 'with one brow up', 'looking skeptical'],
    },
    { after: ['with a skeptical look', 'with one eyebrow lifted', 'whose brows are uneven'] },
  ),

  concept(
    'mouth',
    'smile',
    { after: ['with a small smile', 'with a gentle smile', 'smiling gently', 'with a closed smile'] },
    { after: ['with a small gentle smile', 'whose smile is small', 'with a gentle closed smile'] },
  ),
  concept(
    'mouth',
    'grin',
    {
      before: ['laughing', 'grinning'],
      after: ['with a big smile', 'with a wide grin', 'who is laughing', 'with a toothy smile'],
    },
    { after: ['with a big grin', 'who is grinning', 'with a wide toothy smile'] },
  ),
  concept(
    'mouth',
    'serious',
    {
      before: ['serious'],
      after: ['with a serious mouth', 'with a straight mouth', 'with a flat mouth', 'looking serious'],
    },
    { after: ['with a serious look', 'whose mouth is straight', 'with a mouth that is flat'] },
  ),
  concept(
    'mouth',
    'frown',
    {
      before: ['frowning', 'unhappy'],
      after: ['with a frown', 'with a sad mouth', 'with the mouth turned down', 'who is frowning'],
    },
    { after: ['with a unhappy mouth', 'whose mouth is sad', 'with a sad frown'] },
  ),
  concept(
    'mouth',
    'open',
    {
      before: ['screaming', 'shouting'],
      after: ['with a open mouth', 'with a wide open mouth', 'who is screaming', 'with the mouth open'],
    },
    { after: ['who is shouting', 'whose mouth is wide open', 'with a screaming mouth'] },
  ),
  concept(
    'mouth',
    'tongue',
    { after: ['with the tongue out', 'sticking the tongue out', 'showing the tongue', 'with a tongue sticking out'] },
    { after: ['whose tongue is out', 'who is sticking the tongue out', 'with a tongue out of the mouth'] },
  ),
  concept(
    'mouth',
    'grimace',
    {
      before: ['grimacing'],
      after: ['with clenched teeth', 'with gritted teeth', 'showing the teeth', 'with a grimace'],
    },
    { after: ['whose teeth are clenched', 'with the teeth gritted', 'who is showing clenched teeth'] },
  ),
  concept(
    'mouth',
    ['smile', 'grin'],
    { before: ['smiling'], after: ['with a smile', 'who is smiling'] },
    { after: ['with a mouth that is smiling', 'whose mouth is smiling'] },
  ),

  concept(
    'glasses',
    'none',
    { after: ['without glasses', 'with no glasses', 'not wearing glasses', 'who has no glasses'] },
    { after: ['without any glasses', 'with no glasses on', 'who is not wearing any glasses'] },
  ),
  concept(
    'glasses',
    'round',
    { after: ['with round glasses', 'wearing round glasses', 'in round spectacles', 'with circular glasses'] },
    { after: ['with glasses that are round', 'wearing circular spectacles', 'with round glasses on'] },
  ),
  concept(
    'glasses',
    'square',
    { after: ['with square glasses', 'wearing square glasses', 'in square spectacles', 'with rectangular glasses'] },
    { after: ['with glasses that are square', 'wearing rectangular spectacles', 'with square glasses on'] },
  ),
  concept(
    'glasses',
    'sunglasses',
    {
      after: [
        'with wayfarer sunglasses',
        'wearing wayfarers',
        'wearing square sunglasses',
        'with rectangular sunglasses',
      ],
    },
    { after: ['with sunglasses that are square', 'in wayfarer sunglasses', 'with square wayfarers on'] },
  ),
  concept(
    'glasses',
    'shades',
    { after: ['with cat-eye sunglasses', 'wearing black shades', 'in cat-eye shades', 'with big black sunglasses'] },
    { after: ['with black cat-eye sunglasses', 'with big black shades on', 'with shades that are black'] },
  ),
  concept(
    'glasses',
    ['sunglasses', 'shades'],
    { after: ['with sunglasses', 'wearing sunglasses', 'in sunglasses', 'with dark glasses'] },
    { after: ['with sunglasses on', 'who is wearing sunglasses', 'with glasses that are dark'] },
  ),
  concept(
    'glasses',
    ['round', 'square'],
    { after: ['with glasses', 'wearing glasses', 'in spectacles', 'with clear glasses'] },
    { after: ['with glasses on', 'who is wearing glasses', 'with spectacles on'] },
  ),

  concept(
    'beard',
    'none',
    {
      before: ['clean-shaven', 'beardless'],
      after: ['without a beard', 'with no beard', 'without any beard', 'who is clean-shaven'],
    },
    { after: ['with no facial hair', 'who has no beard', 'whose face is clean-shaven'] },
  ),
  concept(
    'beard',
    'short',
    {
      after: [
        'with a short {hair} beard',
        'with a trimmed {hair} beard',
        'with a neat {hair} beard',
        'who has a short {hair} beard',
      ],
    },
    { after: ['with a short trimmed {hair} beard', 'with a {hair} beard that is short', 'whose {hair} beard is neat'] },
  ),
  concept(
    'beard',
    'full',
    {
      after: [
        'with a full {hair} beard',
        'with a long {hair} beard',
        'with a big bushy {hair} beard',
        'who has a full {hair} beard',
      ],
    },
    { after: ['with a long full {hair} beard', 'with a {hair} beard that is long', 'whose {hair} beard is big'] },
  ),
  concept(
    'beard',
    'moustache',
    {
      after: [
        'with a thick {hair} moustache',
        'with a bushy {hair} mustache',
        'with a thick {hair} mustache',
        'with a bushy {hair} moustache',
      ],
    },
    {
      after: [
        'with a thick bushy {hair} moustache',
        'with a {hair} moustache that is thick',
        'whose {hair} mustache is bushy',
      ],
    },
  ),
  concept(
    'beard',
    'handlebar',
    {
      after: [
        'with a {hair} handlebar moustache',
        'with a thin curled {hair} moustache',
        'with a {hair} handlebar mustache',
        'with a curled {hair} mustache',
      ],
    },
    {
      after: [
        'with a curled {hair} handlebar moustache',
        'with a {hair} moustache that is curled',
        'whose {hair} mustache is thin',
      ],
    },
  ),
  concept(
    'beard',
    ['short', 'full'],
    {
      before: ['bearded'],
      after: ['with a {hair} beard', 'who has a {hair} beard', 'with a {hair} beard on the face'],
    },
    { after: ['whose face has a {hair} beard', 'with a face that has a {hair} beard'] },
  ),
  concept(
    'beard',
    ['moustache', 'handlebar'],
    { after: ['with a {hair} moustache', 'with a {hair} mustache', 'who has a {hair} moustache'] },
    { after: ['with a {hair} moustache on the face', 'whose face has a {hair} mustache'] },
  ),
  concept(
    'beard',
    ['short', 'full', 'moustache', 'handlebar'],
    { after: ['with {hair} facial hair', 'who has {hair} facial hair'] },
    { after: ['with {hair} hair on the face', 'whose face has {hair} hair'] },
  ),
];
