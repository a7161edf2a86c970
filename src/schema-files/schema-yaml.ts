import { Document, type Scalar, type Tags, visit } from 'yaml';

/** Text that Python's YAML reader (1.1) or ours (1.2) would not take for text, or would refuse, when it stands plain. */
const quoted = /^(=|<<|0o[0-7]+|[-+]?\d+e[-+]?\d+)$/i;
/** Controls but for line breaks, and what ends or turns round a line: Python's YAML reader refuses most of them. */
const escaped = /[^\P{Cc}\n]|[\u0085\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/u;

/**
 * A schema document as dlt writes it (`to_pretty_yaml`): block style, keys in their order, lists not indented, texts that
 * YAML 1.1 would take for something else in quotes. Safe to print.
 */
export function schemaYaml(content: object): string {
  const document = new Document(content, { version: '1.1', customTags: withoutMerge, aliasDuplicateObjects: false });
  visit(document, { Scalar: (_, node) => quote(node) });
  const text = document.toString({ singleQuote: true, indentSeq: false, lineWidth: 80 });
  return text.replace(new RegExp(escaped, 'gu'), (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A text `<<` is no merge key: quoted as any other text. */
function withoutMerge(tags: Tags): Tags {
  return tags.filter((tag) => typeof tag === 'string' || tag.tag !== 'tag:yaml.org,2002:merge');
}

function quote(node: Scalar): void {
  if (typeof node.value !== 'string') return;
  if (escaped.test(node.value)) node.type = 'QUOTE_DOUBLE';
  else if (quoted.test(node.value)) node.type = 'QUOTE_SINGLE';
}
