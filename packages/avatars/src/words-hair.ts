/** Words for each hair style and for its absence. What is true of several styles stands in words-hair-general.ts. */
import { concept, type Concept } from './concepts.js';
import { having, lacking, list, together } from './words-frames.js';

export const HAIR_WORDS: readonly Concept[] = [
  concept(
    'hair',
    'bald',
    together(
      {
        before: list(`bald, hairless, bald-headed, balding, shaven-headed, bald-pated, completely bald, totally bald,
          fully bald, baldheaded, smooth-headed, bare-scalped, shaved-headed`),
        after: list(`with a bald head, with no hair, without hair, who is bald, without any hair, who has no hair,
          with zero hair, with not a single hair, who lost all the hair, who has gone bald, going bald,
          with hair all gone, with the hair shaved off, who shaved the head, with no hair at all, who is hairless`),
        plainest: 'before',
      },
      having(`a shaved head, a shaven head, a smooth head, a bare head, a bare scalp, a bald scalp, a shiny bald head,
        a clean-shaven head, a bald pate, a bald dome, a hairless scalp`),
      lacking('hair on top, locks'),
    ),
    {
      after: list(`with a hairless head, whose head is bald, with no hair on the head, with a smooth bald head,
        whose hair is gone, who has lost the hair`),
    },
  ),
  concept(
    'hair',
    'buzz',
    together(
      {
        before: list('buzz-cut, crop-headed, close-cropped'),
        after: list(`with a {hair} buzz cut, with buzzed {hair} hair, with very short {hair} hair,
          with {hair} hair cropped close to the head, with {hair} hair clipped short, with the {hair} hair buzzed off`),
      },
      having(`a {hair} buzzcut, a {hair} crew cut, a {hair} crewcut, a close {hair} crop, a {hair} caesar cut,
        a {hair} military haircut, a {hair} army cut, short cropped {hair} hair, a very short {hair} haircut,
        {hair} stubble on the scalp, extremely short {hair} hair, nearly shaved {hair} hair, a {hair} skin fade,
        shorn {hair} hair, clipped {hair} hair, a tight {hair} crop, barely any {hair} hair, hardly any {hair} hair,
        just a bit of {hair} hair, a number one {hair} cut`),
    ),
    {
      after: list(`with a very short {hair} buzz cut, with close cropped {hair} hair, whose {hair} hair is buzzed,
        with {hair} hair in a crew cut, whose {hair} hair is clipped very short`),
    },
  ),
  concept(
    'hair',
    'short',
    together(
      list(`with neat short {hair} hair, with a tidy short {hair} haircut, with neat {hair} hair,
        with a classic short {hair} cut`),
      having(`well-groomed {hair} hair, short combed {hair} hair, {hair} hair combed flat, a short flat {hair} haircut,
        a {hair} pixie cut, a {hair} pixie, a conservative {hair} haircut, short back and sides, a {hair} gentleman cut,
        a {hair} business haircut, a smart {hair} haircut, a clean {hair} haircut, {hair} hair with a side parting,
        {hair} hair parted at the side, a {hair} side part, orderly {hair} hair, a boyish {hair} haircut,
        a simple short {hair} hairstyle, combed {hair} hair, a {hair} flat top, a plain short {hair} haircut`),
    ),
    {
      after: list(`with a neat short {hair} haircut, with {hair} hair cut short and tidy, with tidy {hair} hair,
        whose short {hair} hair is combed, with a tidy {hair} side part`),
    },
  ),
  concept(
    'hair',
    'quiff',
    together(
      list(`with a {hair} quiff, with {hair} hair combed up, with a {hair} pompadour, with {hair} hair swept up`),
      having(`a {hair} coiff, {hair} hair brushed up, {hair} hair swept back, slicked back {hair} hair,
        slick {hair} hair, a {hair} rockabilly hairstyle, an elvis haircut, a {hair} wave over the forehead,
        a {hair} blow back, backcombed {hair} hair, gelled {hair} hair, a {hair} cowlick, combed back {hair} hair,
        {hair} hair standing up in front, short waved {hair} hair, a voluminous {hair} fringe, a {hair} tuft in front,
        a swooping {hair} fringe, a {hair} ducktail, {hair} hair slicked back, a {hair} forelock`),
    ),
    {
      after: list(`with a swept up {hair} quiff, whose {hair} hair is combed up, with {hair} hair in a pompadour,
        with {hair} hair in a quiff, whose {hair} hair is slicked back`),
    },
  ),
  concept(
    'hair',
    'undercut',
    together(
      list(`with a {hair} undercut, with shaved sides and {hair} hair on top, with {hair} hair on top only,
        with an undercut of {hair} hair`),
      having(`a {hair} mohawk, a {hair} mohican, a {hair} faux hawk, a {hair} fauxhawk, a {hair} high top,
        a {hair} high fade, a {hair} fade, shaved sides, {hair} hair shaved at the sides, {hair} frizz on top,
        a tuft of {hair} hair on top, frizzy {hair} hair on top, a {hair} punk hairstyle, a {hair} top with shaved sides,
        {hair} hair only on top, a {hair} crest of hair, a {hair} cockscomb, a {hair} strip of hair, bare sides,
        a frizzy {hair} top`),
    ),
    {
      after: list(`with {hair} hair on top and shaved sides, with the sides shaved and {hair} hair on top,
        with {hair} hair in an undercut, with {hair} hair in a mohawk, whose sides are shaved`),
    },
  ),
  concept(
    'hair',
    'spiky',
    together(
      {
        before: list('spiky-haired, spikey-haired, spike-haired'),
        after: list(`with spiky {hair} hair, with wild spiky {hair} hair, with {hair} hair in spikes,
          with a spiky {hair} hairstyle, with {hair} hair standing on end, with {hair} hair sticking up`),
      },
      having(`{hair} spikes, spikey {hair} hair, spiked {hair} hair, spiked up {hair} hair, a spiky {hair} haircut,
        jagged {hair} hair, pointy {hair} hair, {hair} hair sticking out, wild {hair} hair, {hair} anime hair,
        prickly {hair} hair, bristly {hair} hair, {hair} porcupine hair, {hair} hedgehog hair, stiff {hair} spikes,
        untamed {hair} hair, electrified {hair} hair, punky {hair} spikes, a {hair} shock of hair`),
    ),
    {
      after: list(`with {hair} hair that is spiky, with wild {hair} spikes of hair, whose {hair} hair is in spikes,
        whose {hair} hair is spiky, with pointy {hair} spikes`),
    },
  ),
  concept(
    'hair',
    'shaggy',
    together(
      {
        before: list('shaggy-haired, messy-haired, mop-headed, tousle-haired, scruffy-haired, mop-topped'),
        after: list(`with shaggy {hair} hair, with messy {hair} hair, with {hair} hair falling over one eye,
          with a shaggy {hair} mop of hair, with {hair} hair in the eyes, with {hair} hair over one eye`),
      },
      having(`tousled {hair} hair, disheveled {hair} hair, dishevelled {hair} hair, unkempt {hair} hair,
        tangled {hair} hair, ruffled {hair} hair, scruffy {hair} hair, rumpled {hair} hair, uncombed {hair} hair,
        a {hair} mop, a {hair} mop top, untidy {hair} hair, {hair} bed hair, {hair} bedhead, a shaggy {hair} cut,
        floppy {hair} hair, a {hair} emo haircut, long {hair} bangs, a long {hair} fringe, {hair} bangs,
        messier {hair} hair, windswept {hair} hair, {hair} hair hanging into the face, a shaggy {hair} haircut`),
    ),
    {
      after: list(`with a messy {hair} mop of hair, with messy shaggy {hair} hair, whose {hair} hair is shaggy,
        whose {hair} hair is messy, with tousled shaggy {hair} hair`),
    },
  ),
  concept(
    'hair',
    'mullet',
    together(
      {
        before: list('mulleted, mullet-haired'),
        after: list(`with a {hair} mullet, with {hair} hair long at the back, with a shaggy {hair} mullet,
          with a {hair} mullet haircut, sporting a {hair} mullet`),
      },
      having(`an eighties {hair} mullet, a {hair} hockey haircut, a {hair} mullet hairstyle, a {hair} wolf cut,
        {hair} hair short in front and long behind, {hair} hair down the neck, {hair} hair longer at the back,
        business in front and party in the back, a retro {hair} mullet, {hair} hair over the neck,
        a long {hair} mullet, {hair} hair covering the neck, a {hair} shag down to the neck, a {hair} rat tail`),
    ),
    {
      after: list(`with {hair} hair in a mullet, whose {hair} hair is a mullet, with a messy {hair} mullet,
        whose {hair} hair is long at the back, with a retro {hair} mullet haircut`),
    },
  ),
  concept(
    'hair',
    'afro',
    together(
      {
        before: list('afro-haired, frizzy-haired, fuzzy-haired, bushy-haired'),
        after: list(`with a {hair} afro, with {hair} afro hair, with a big round {hair} afro, who has a {hair} afro,
          sporting a {hair} afro, wearing a {hair} afro, with {hair} hair in an afro`),
      },
      having(`a {hair} fro, a large {hair} afro, a {hair} natural, natural {hair} hair, a {hair} ball of hair,
        frizzy {hair} hair, fuzzy {hair} hair, fluffy {hair} hair, kinky {hair} hair, bushy {hair} hair,
        a {hair} cloud of hair, a {hair} halo of hair, poofy {hair} hair, puffy {hair} hair, big poofy {hair} hair,
        a {hair} afro haircut, a seventies {hair} afro, big frizzy {hair} hair, a giant {hair} afro,
        coily {hair} hair, a bushy {hair} afro, a {hair} afro hairdo, a disco {hair} afro`),
    ),
    {
      after: list(`with {hair} hair in a big afro, with a huge {hair} afro, with a round {hair} afro hairstyle,
        whose {hair} hair is frizzy, with a puffy {hair} fro`),
    },
  ),
  concept(
    'hair',
    'curly',
    together(
      {
        before: list('curly-haired, curly-headed, ringleted, curled-haired'),
        after: list(`with curly {hair} hair, with {hair} curls, with big {hair} curls, who has curly {hair} hair`),
      },
      having(`{hair} ringlets, curled {hair} hair, loose {hair} curls, bouncy {hair} curls, tight {hair} curls,
        a curly {hair} hairstyle, permed {hair} hair, a {hair} perm, curly {hair} locks, {hair} corkscrew curls,
        lots of {hair} curls, {hair} spirals, springy {hair} hair, curlier {hair} hair, a mass of {hair} curls,
        thick {hair} curls, {hair} hair full of curls, curly voluminous {hair} hair, very curly {hair} hair,
        {hair} hair that curls, {hair} poodle hair, crimped {hair} hair`),
    ),
    {
      after: list(`with a head of {hair} curls, with {hair} hair in curls, whose {hair} hair is curly,
        with {hair} hair in ringlets, whose {hair} hair is permed`),
    },
  ),
  concept(
    'hair',
    'bob',
    together(
      {
        before: list('bob-haired, bobbed'),
        after: list(`with a {hair} bob cut, with a {hair} bob, with {hair} hair cut in a bob,
          with chin-length {hair} hair, sporting a {hair} bob`),
      },
      having(`bobbed {hair} hair, a {hair} pageboy, a {hair} pageboy cut, a short {hair} bob, {hair} hair to the chin,
        chin length {hair} hair, medium length {hair} hair, medium-length {hair} hair, a {hair} bob hairstyle,
        jaw-length {hair} hair, a french {hair} bob, a flapper {hair} bob, a blunt {hair} bob, a {hair} bowl cut,
        {hair} hair down to the jaw, a {hair} lob, a sleek {hair} bob, a {hair} bob with bangs, a cute {hair} bob,
        a {hair} bob with a fringe, a {hair} helmet of hair, a classic {hair} bob`),
    ),
    {
      after: list(`with a chin-length {hair} bob, with a {hair} bob haircut, with {hair} hair in a bob cut,
        whose {hair} hair is bobbed, whose {hair} hair ends at the chin`),
    },
  ),
  concept(
    'hair',
    'bun',
    together(
      list(`with a {hair} bun, with {hair} hair in a bun, with a {hair} top knot, with {hair} hair tied up,
        with {hair} hair pulled back, with {hair} hair put up, with {hair} hair pinned up, with the {hair} hair up`),
      having(`a {hair} topknot, a {hair} chignon, a {hair} updo, {hair} hair in a knot, a {hair} man bun,
        a {hair} ballerina bun, {hair} hair in a top knot, {hair} hair tied back, {hair} hair gathered up,
        a {hair} hair bun, a {hair} knot of hair, an elegant {hair} updo, a high {hair} bun, {hair} hair worn up,
        tied {hair} hair, a {hair} dutt, a big {hair} bun, {hair} hair in an updo, a {hair} ponytail,
        {hair} hair rolled into a bun`),
    ),
    {
      after: list(`with {hair} hair tied up in a bun, with a {hair} bun on top of the head,
        whose {hair} hair is tied in a knot, whose {hair} hair is up, with {hair} hair pinned up in a chignon`),
    },
  ),
  concept(
    'hair',
    'straight',
    together(
      {
        before: list('straight-haired, sleek-haired, lank-haired'),
        after: list(`with straight {hair} hair, with long straight {hair} hair, with sleek {hair} hair,
          with smooth long {hair} hair`),
      },
      having(`straightened {hair} hair, ironed {hair} hair, flat {hair} hair, straighter {hair} hair,
        silky {hair} hair, glossy {hair} hair, smooth {hair} hair, lank {hair} hair, poker straight {hair} hair,
        long smooth {hair} locks, straight long {hair} hair, pin-straight {hair} hair, dead straight {hair} hair,
        {hair} hair without any curls, {hair} hair hanging straight down, a straight {hair} hairstyle,
        silky long {hair} hair, {hair} hair falling straight, very straight {hair} hair, perfectly straight {hair} hair`),
    ),
    {
      after: list(`with smooth straight {hair} hair, with {hair} hair that is long and straight,
        with long sleek {hair} hair, whose {hair} hair is straight, with long silky {hair} locks`),
    },
  ),
  concept(
    'hair',
    'wavy',
    together(
      {
        before: list('wavy-haired, wave-haired'),
        after: list(`with wavy {hair} hair, with long wavy {hair} hair, with {hair} waves,
          with {hair} hair in long waves`),
      },
      having(`wavy {hair} locks, waved {hair} hair, loose {hair} waves, soft {hair} waves, {hair} beach waves,
        flowing {hair} hair, undulating {hair} hair, rippling {hair} hair, a wavy {hair} hairstyle,
        long flowing {hair} hair, {hair} hair falling in waves, {hair} hair that falls in soft waves, gently waved {hair} hair, {hair} mermaid hair,
        cascading {hair} hair, wavier {hair} hair, rolling {hair} waves, {hair} hair with waves, swirling {hair} hair,
        curvy {hair} hair, billowing {hair} hair`),
    ),
    {
      after: list(`with {hair} hair that is wavy, with long {hair} waves of hair, whose {hair} hair is in waves,
        whose {hair} hair falls in waves, with flowing wavy {hair} hair`),
    },
  ),
  concept(
    'hair',
    'dreadlocks',
    together(
      {
        before: list('dreadlocked, dread-haired'),
        after: list(`with {hair} dreadlocks, with {hair} dreads, with {hair} hair in dreadlocks,
          who has long {hair} dreads, wearing {hair} dreads, sporting {hair} dreadlocks`),
      },
      having(`{hair} locs, {hair} rasta hair, {hair} rastafarian hair, {hair} braids, braided {hair} hair,
        dreaded {hair} hair, dreadlocked {hair} hair, {hair} dreadlock hair, matted {hair} hair, {hair} plaits,
        plaited {hair} hair, {hair} cornrows, thick {hair} dreads, reggae {hair} hair, {hair} box braids,
        ropes of {hair} hair, twisted {hair} hair, {hair} twists, hanging {hair} dreads`),
    ),
    {
      after: list(`with long {hair} dreadlocks, with a head of {hair} dreads, whose {hair} hair is in dreads,
        with {hair} hair in locs, whose {hair} hair is braided`),
    },
  ),
];
