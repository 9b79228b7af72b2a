/**
 * Common words that say nothing about an avatar, and are in people's prompts all the same.
 *
 * The text side gets rows for them, and training strews them among the words that mean something (caption-batch.ts): so
 * "please make her look like a really nice person with glasses" asks for glasses and for nothing else. Words for things
 * that this world does not have (horses, xylophones) are left out on purpose: they are not known, and that can be said.
 */
import { list } from './words-frames.js';

export const COMMON_WORDS: readonly string[] = list(`
  a, an, the, this, that, these, those, some, any, each, every, all, both, either, another, other, such, same, own,
  i, me, my, you, your, he, him, his, she, her, hers, it, its, we, us, our, they, them, their, who, whose, whom, which,
  what, someone, somebody, everyone, everybody, anyone, one, ones, himself, herself, themselves, itself,
  and, or, but, nor, so, yet, if, when, while, because, as, than, then, though, although, whether, where, how, why,
  of, in, on, at, by, for, with, without, from, to, into, onto, over, under, above, below, between, behind, beside, near,
  around, about, across, along, against, among, before, after, during, through, inside, outside, off, out, up, down, upon,
  is, are, was, were, be, been, being, am, do, does, did, done, has, have, had, having, will, would, can, could, should,
  may, might, must, shall, isn't, aren't, wasn't, doesn't, don't, hasn't, haven't, can't, won't, it's, who's, he's, she's,
  not, no, yes, only, just, also, too, very, really, quite, rather, pretty, fairly, somewhat, slightly, extremely,
  totally, completely, almost, nearly, barely, more, less, most, least, much, many, few, little, bit, lot, lots, enough,
  always, never, often, sometimes, again, still, already, now, here, there, today, together, apart, away, back, maybe,
  first, second, third, last, next, two, three, four, five, single, double, pair, couple, half, whole, full, part, piece,
  make, makes, made, making, give, gives, given, giving, add, adds, added, adding, put, puts, get, gets, got, getting,
  go, goes, going, gone, take, takes, took, taken, change, changes, changed, changing, turn, turns, turned, turning,
  become, becomes, keep, keeps, let, want, wants, need, needs, like, likes, love, loves, try, use, used, using, see, seen,
  seems, seem, appears, appear, look, looks, looked, show, shows, shown, showing, wear, wears, worn, draw, drawn, drawing,
  paint, painted, painting, render, rendered, rendering, generate, generated, create, created, design, designed, edit,
  edited, editing, remove, removed, replace, replaced, turn, transform, imagine, think, please, thanks, stand, standing,
  sit, sitting, pose, posing, posed, live, lives, say, says, called, named, feel, feels, come, comes, coming,
  person, people, man, men, woman, women, boy, girl, guy, lady, gentleman, human, being, child, kid, teenager, teen, adult,
  youth, baby, male, female, mother, father, mom, dad, brother, sister, friend, model, actor, actress, student, worker,
  teacher, doctor, individual, citizen, stranger, fellow, chap, bloke, dude, figure, character, hero, heroine, user,
  portrait, photo, photos, photograph, picture, pictures, image, images, avatar, avatars, cartoon, illustration, sketch,
  icon, emoji, sticker, logo, art, artwork, comic, vector, graphic, graphics, headshot, selfie, shot, close-up, profile,
  view, front, frontal, side, scene, background, foreground, style, styled, version, kind, type, sort, thing, example,
  drawing, doodle, print, poster, canvas, screen, frame, digital, computer, video, game, movie, film, animation, animated,
  face, faces, facial, head, body, skin, look, appearance, feature, features, expression, mood, emotion, shape, color,
  colour, colors, colours, colored, coloured, tone, shade, hue, size, length, half, top, bottom, left, right, center,
  nose, ear, ears, cheek, cheeks, chin, jaw, forehead, neck, shoulder, shoulders, chest, lip, lips, tooth, teeth, brow,
  good, bad, nice, great, fine, beautiful, handsome, lovely, cute, sweet, ugly, cool, hot, cold, warm, new, old, young,
  younger, older, elderly, middle-aged, small, large, tiny, giant, tall, short, long, thick, thin, fat, slim, heavy, light,
  dark, bright, simple, complex, plain, fancy, modern, classic, typical, normal, usual, unusual, special, different,
  strange, weird, funny, real, realistic, fake, true, false, clean, dirty, clear, sharp, soft, hard, smooth, rough, low,
  high, wide, narrow, deep, strong, weak, fast, slow, easy, open, closed, ready, busy, free, rich, poor, smart, clever,
  attractive, gorgeous, charming, elegant, stylish, trendy, casual, minimal, flat, detailed, quality, best, better, worse,
  worst, perfect, professional, amazing, wonderful, awesome, interesting, famous, popular, random, certain, possible,
  day, time, year, years, way, world, life, home, work, name, word, words, number, idea, end, place, room, house, city,
  street, office, party, summer, winter, kind-hearted, maybe, etc
`);
