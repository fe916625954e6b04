/** Fills the profile's link templates. A template that asks for what is not known gives no link: a half-filled one leads nowhere. */

export interface TemplateValues {
  service: string;
  host: string | undefined;
  environment: string | undefined;
  container: string | undefined;
}

/** @returns the URL with every value encoded, or undefined where one is missing. */
export function fillLinkTemplate(template: string, values: TemplateValues): string | undefined {
  let whole = true;
  const url = template.replace(/\{(service|host|environment|container)\}/g, (_, name: keyof TemplateValues) => {
    const value = values[name];
    if (value === undefined) whole = false;
    return encodeURIComponent(value ?? '');
  });
  return whole && URL.canParse(url) ? url : undefined;
}
