/** Made by build.mjs. */
declare module "virtual:fronts" {
  export const fronts: import("./define").Registry;
  export const parts: Readonly<Record<string, string>>;
}

declare module "virtual:shared" {
  export const shared: Readonly<Record<string, object>>;
}
