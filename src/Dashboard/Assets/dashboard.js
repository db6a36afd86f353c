// The theme is set before the first paint; what people chose outlives the tab.
(() => {
  const key = 'dpvr-theme';
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const apply = () => { document.documentElement.dataset.theme = localStorage.getItem(key) ?? (dark.matches ? 'dark' : 'light'); };
  apply();
  dark.addEventListener('change', apply);
  window.dpvr = {
    isDark: () => document.documentElement.dataset.theme === 'dark',
    setDark: on => { localStorage.setItem(key, on ? 'dark' : 'light'); apply(); },
    focusMain: () => document.getElementById('main')?.focus({ preventScroll: true }),
  };
  // A picture that is not to be had any more says so instead of leaving a hole. Errors of pictures do not bubble.
  document.addEventListener('error', event => {
    if (event.target instanceof HTMLImageElement) event.target.closest('.frame, .picture figure')?.classList.add('gone');
  }, true);
  // A server that was started again knows nothing of this page: it is loaded anew, at the same address.
  document.addEventListener('DOMContentLoaded', () => {
    const modal = document.getElementById('components-reconnect-modal');
    const look = async () => {
      try {
        const answer = await fetch(location.href, { method: 'HEAD', cache: 'no-store' });
        if (answer.ok || answer.status === 401 || answer.status === 405) location.reload();
      } catch { /* not yet there */ }
    };
    let timer = 0;
    modal?.addEventListener('components-reconnect-state-changed', event => {
      const state = event.detail.state;
      if (state === 'hide') { clearInterval(timer); timer = 0; return; }
      if (state === 'rejected' || state === 'resume-failed') { location.reload(); return; }
      if (state === 'failed' && !timer) timer = setInterval(look, 2000);
    });
  });
})();
