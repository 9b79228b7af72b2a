/** A configuration's keys as help text: name, default, description, read off the schema. */
import { z } from 'zod';

/** What of a JSON schema is shown. */
interface Field {
  description?: string;
  default?: unknown;
  properties?: Record<string, Field>;
}

/** One line a key; groups are indented. */
export function describeConfig(schema: z.ZodType): string {
  return lines(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Field, '').join('\n');
}

function lines({ properties = {} }: Field, indent: string): string[] {
  return Object.entries(properties).flatMap(([name, field]) => {
    const shown = field.default === undefined || field.properties ? '' : ` [${JSON.stringify(field.default)}]`;
    return [`${indent}  ${name}${shown}: ${field.description ?? ''}`, ...lines(field, `${indent}  `)];
  });
}
