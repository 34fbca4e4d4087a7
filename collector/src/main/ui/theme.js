// Light or dark, before anything is drawn: as it was chosen, or as the system is.
'use strict';
{
  const root = document.documentElement;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    const choice = root.dataset['choice'];
    const theme = choice === 'light' || choice === 'dark' ? choice : dark.matches ? 'dark' : 'light';
    if (theme !== root.dataset['theme']) {
      root.dataset['theme'] = theme;
      dispatchEvent(new Event('latentgauge.theme'));
    }
  };
  try {
    root.dataset['choice'] = localStorage.getItem('latentgauge.theme') ?? 'system';
  } catch {
    // A browser that keeps nothing for pages follows the system.
    root.dataset['choice'] = 'system';
  }
  apply();
  dark.addEventListener('change', apply);
  addEventListener('latentgauge.choice', apply);
}
