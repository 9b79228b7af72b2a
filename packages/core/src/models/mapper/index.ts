/** The latent mapper of the paper. Table of contents. */
export { groupRows, LAYER_GROUPS, MAPPER_GROUPS, mapperGroups, type LayerGroups, type MapperGroup } from './architecture.js';
export { initMapper, type MapperConfig } from './init.js';
export { applyMapper, MAPPER_STRENGTH, mapperOffset, type MapperOptions } from './mapper.js';
export { fromOfficialMapper, OFFICIAL_MAPPER_TABLE, officialMapperTable, officialMapperTableOf } from './official.js';
