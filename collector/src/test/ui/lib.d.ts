// The page's libraries, which the collector serves under ./lib/, are those of these packages.

declare module '*/lib/uplot/uPlot.esm.js' {
  export { default } from 'uplot';
}

declare module '*/lib/lit-html/lit-html.js' {
  export * from 'lit-html';
}

declare module '*/lib/lit-html/directives/async-append.js' {
  export * from 'lit-html/directives/async-append.js';
}

declare module '*/lib/lit-html/directives/async-replace.js' {
  export * from 'lit-html/directives/async-replace.js';
}

declare module '*/lib/lit-html/directives/cache.js' {
  export * from 'lit-html/directives/cache.js';
}

declare module '*/lib/lit-html/directives/choose.js' {
  export * from 'lit-html/directives/choose.js';
}

declare module '*/lib/lit-html/directives/class-map.js' {
  export * from 'lit-html/directives/class-map.js';
}

declare module '*/lib/lit-html/directives/guard.js' {
  export * from 'lit-html/directives/guard.js';
}

declare module '*/lib/lit-html/directives/if-defined.js' {
  export * from 'lit-html/directives/if-defined.js';
}

declare module '*/lib/lit-html/directives/join.js' {
  export * from 'lit-html/directives/join.js';
}

declare module '*/lib/lit-html/directives/keyed.js' {
  export * from 'lit-html/directives/keyed.js';
}

declare module '*/lib/lit-html/directives/live.js' {
  export * from 'lit-html/directives/live.js';
}

declare module '*/lib/lit-html/directives/map.js' {
  export * from 'lit-html/directives/map.js';
}

declare module '*/lib/lit-html/directives/range.js' {
  export * from 'lit-html/directives/range.js';
}

declare module '*/lib/lit-html/directives/ref.js' {
  export * from 'lit-html/directives/ref.js';
}

declare module '*/lib/lit-html/directives/repeat.js' {
  export * from 'lit-html/directives/repeat.js';
}

declare module '*/lib/lit-html/directives/style-map.js' {
  export * from 'lit-html/directives/style-map.js';
}

declare module '*/lib/lit-html/directives/template-content.js' {
  export * from 'lit-html/directives/template-content.js';
}

declare module '*/lib/lit-html/directives/until.js' {
  export * from 'lit-html/directives/until.js';
}

declare module '*/lib/lit-html/directives/when.js' {
  export * from 'lit-html/directives/when.js';
}
