// Sends the samples as their senders would: over HTTP, with real signatures.
import { hmacSha256 } from '../domain/signature.ts';
import type { Sample } from './samples.ts';

export type DemoSecrets = Record<Sample['source'], string>;

function headersOf(sample: Sample, secret: string, now: Date): Record<string, string> {
  const json = { 'content-type': 'application/json' };
  switch (sample.source) {
    case 'shop':
      return {
        ...json,
        'x-wc-webhook-topic': sample.topic,
        'x-wc-webhook-source': 'https://shop.example/',
        'x-wc-webhook-signature': hmacSha256(secret, sample.body).toString('base64'),
      };
    case 'boutique':
      return {
        ...json,
        'x-shopify-topic': sample.topic,
        'x-shopify-shop-domain': 'boutique-demo.myshopify.com',
        'x-shopify-webhook-id': `demo-${sample.topic}`,
        'x-shopify-hmac-sha256': hmacSha256(secret, sample.body).toString('base64'),
      };
    case 'stripe': {
      const t = Math.floor(now.getTime() / 1000);
      return { ...json, 'stripe-signature': `t=${t},v1=${hmacSha256(secret, `${t}.`, sample.body).toString('hex')}` };
    }
  }
}

/** What the bridge answered to one sample. */
export type Answer = { sample: Sample; status: number; duplicate: boolean };

/** Sends one sample to a bridge at `url`. */
export async function sendSample(url: string, sample: Sample, secrets: DemoSecrets, now: Date): Promise<Answer> {
  const secret = sample.honest ? secrets[sample.source] : `${secrets[sample.source]}-wrong`;
  const response = await fetch(`${url}/webhooks/${sample.source}`, {
    method: 'POST',
    headers: headersOf(sample, secret, now),
    body: sample.body,
  });
  const text = await response.text();
  return { sample, status: response.status, duplicate: response.ok && text.includes('"duplicate":true') };
}
