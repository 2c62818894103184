// How a document of ours is known again at Facturation.pro: by two free fields that nothing but its caller writes.
import { createHash } from 'node:crypto';
import type { DocumentKey } from '../../src/domain/document.ts';

/** `api_custom` is searched in part only, so what is found is compared; `api_id` is searched exactly. */
export type Marks = { api_custom: string; api_id: string };

const CUSTOM_LENGTH = 255;
const HASH_LENGTH = 64;
/** 52 bits: readers of JSON numbers round what is longer than 53. */
const ID_DIGITS = 13;

/** Different keys have different marks. A key of more than 255 characters keeps its beginning, then its hash. */
export function marksOf(key: DocumentKey): Marks {
  const fits = key.length <= CUSTOM_LENGTH;
  return {
    api_custom: fits ? key : `${key.slice(0, CUSTOM_LENGTH - HASH_LENGTH - 1)}~${sha256(key)}`,
    api_id: apiIdOf(key),
  };
}

/** A number for a text, for the field that is searched exactly. */
export const apiIdOf = (text: string): string => BigInt(`0x${sha256(text).slice(0, ID_DIGITS)}`).toString();

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
