/** CLIP of any size: both encoders, the tokenizer, preparing pictures, fresh and foreign weights. */
export { activationMarkers, CLIP_ACTIVATIONS, type ClipActivation, gelu, quickGelu } from './activation.js';
export { cleanText } from './clean-text.js';
export { fromOpenAI, headMarkers, isOpenAiDescription, openAiTable, openAiTableOf } from './from-openai.js';
export { encodeImage, imageSizeOf } from './image-encoder.js';
export { initClip, splitTrainable, type ClipConfig } from './init.js';
export { CLIP_MEAN, CLIP_STD, prepareForClip, type ClipInput } from './prepare.js';
export { contextOf, encodeText } from './text-encoder.js';
export { fillTemplates, IMAGENET_TEMPLATES, templateFeatures } from './templates.js';
export { CLIP_CONTEXT, encodeTokens, END_OF_TEXT, START_OF_TEXT, tokenize, tokenTensor, unknownWords } from './tokenizer.js';
export { rowsOf, tokenRows } from './vocabulary.js';
