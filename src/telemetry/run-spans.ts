import type { Context, Span, SpanOptions } from '@opentelemetry/api';
import type { Effects } from '../effects.ts';
import type { EventOf, RunEvent } from '../events.ts';
import { version } from '../version.ts';

type Api = typeof import('@opentelemetry/api');
type Failure = { readonly code: string; readonly message: string } | null | undefined;

/** A run as spans: the run, its steps, its resources, and their requests in the words of HTTP's semantic conventions. */
export class RunSpans {
  readonly #api: Api;
  readonly #run: Span;
  /** Of those that are not over, by `step extract` or `resource models`. */
  readonly #open = new Map<string, Span>();
  #step: Span | undefined;

  /** The run is a part of what is active, or of what `TRACEPARENT` names. */
  constructor(api: Api, env: Effects['env']) {
    this.#api = api;
    const active = api.context.active();
    const carrier = { traceparent: env.TRACEPARENT, tracestate: env.TRACESTATE };
    const isPart = api.trace.getSpan(active) !== undefined || env.TRACEPARENT === undefined;
    const outer = isPart ? active : api.propagation.extract(active, carrier);
    this.#run = api.trace.getTracer('dezgo-elt', version).startSpan('dezgo-elt run', {}, outer);
  }

  /** What others trace within it becomes a part of it. */
  within<T>(work: () => Promise<T>): Promise<T> {
    return this.#api.context.with(this.#inside(this.#run), work);
  }

  readonly tell = (event: RunEvent): void => {
    switch (event.event) {
      case 'run.started':
        this.#run.setAttributes({
          'dezgo_elt.pipeline': event.pipeline,
          'dezgo_elt.dataset': event.dataset,
          'dezgo_elt.destination': event.destination,
          'dezgo_elt.destination_type': event.destinationType,
        });
        break;
      case 'step.started':
        this.#step = this.#begin(event.step, event.step, this.#run, { startTime: event.time });
        break;
      case 'step.finished':
        this.#end(event.step, event.time, undefined);
        this.#step = undefined;
        break;
      case 'resource.started':
        this.#resource(event.resource, event.time);
        break;
      case 'resource.finished':
        this.#finishResource(event);
        break;
      case 'request':
        this.#request(event);
        break;
      case 'package.finished':
        this.#run.addEvent(
          'load package',
          { 'dezgo_elt.load_id': event.loadId, 'dezgo_elt.state': event.state },
          event.time,
        );
        break;
      case 'warning':
        this.#run.addEvent('warning', { message: event.message }, event.time);
        break;
      case 'run.finished':
        this.#run.setAttributes({ 'dezgo_elt.exit_code': event.exitCode, 'dezgo_elt.published': event.published });
        for (const name of this.#open.keys()) this.#end(name, event.time, undefined);
        this.#finish(this.#run, event.time, event.failure);
        break;
      default:
    }
  };

  #inside(span: Span): Context {
    return this.#api.trace.setSpan(this.#api.context.active(), span);
  }

  #begin(key: string, name: string, parent: Span, options: SpanOptions): Span {
    const tracer = this.#api.trace.getTracer('dezgo-elt', version);
    const span = tracer.startSpan(name, options, this.#inside(parent));
    this.#open.set(key, span);
    return span;
  }

  /** Of a resource that is asked for before its turn, from its first request on. */
  #resource(name: string, startTime: number): Span {
    const key = `resource ${name}`;
    const attributes = { 'dezgo_elt.resource': name };
    return this.#open.get(key) ?? this.#begin(key, key, this.#step ?? this.#run, { startTime, attributes });
  }

  #finishResource({ resource, status, records, requests, time, error }: EventOf<'resource.finished'>): void {
    this.#open.get(`resource ${resource}`)?.setAttributes({
      'dezgo_elt.status': status,
      'dezgo_elt.records': records,
      'dezgo_elt.requests': requests,
    });
    this.#end(`resource ${resource}`, time, error);
  }

  #request({ resource, method, url, status, attempts, milliseconds, bytes, time }: EventOf<'request'>): void {
    const startTime = time - milliseconds;
    const parent = this.#resource(resource, startTime);
    const isFailed = status === null || status >= 400;
    const attributes = {
      'http.request.method': method,
      'url.full': url,
      ...serverOf(url),
      ...(status === null ? {} : { 'http.response.status_code': status, 'http.response.body.size': bytes }),
      ...(attempts > 1 ? { 'http.request.resend_count': attempts - 1 } : {}),
      ...(isFailed ? { 'error.type': status === null ? 'no reply' : String(status) } : {}),
    };
    const options = { kind: this.#api.SpanKind.CLIENT, startTime, attributes };
    const span = this.#api.trace.getTracer('dezgo-elt', version).startSpan(method, options, this.#inside(parent));
    if (isFailed) span.setStatus({ code: this.#api.SpanStatusCode.ERROR });
    span.end(time);
  }

  #end(key: string, time: number, failure: Failure): void {
    const span = this.#open.get(key);
    this.#open.delete(key);
    if (span !== undefined) this.#finish(span, time, failure);
  }

  #finish(span: Span, time: number, failure: Failure): void {
    if (failure !== undefined && failure !== null) {
      const { code, message } = failure;
      span.addEvent('exception', { 'exception.type': code, 'exception.message': message }, time);
      span.setStatus({ code: this.#api.SpanStatusCode.ERROR, message });
    }
    span.end(time);
  }
}

// --- internal ---

function serverOf(url: string): Record<string, string | number> {
  if (!URL.canParse(url)) return {};
  const { hostname, port, protocol } = new URL(url);
  return { 'server.address': hostname, 'server.port': Number(port) || (protocol === 'https:' ? 443 : 80) };
}
