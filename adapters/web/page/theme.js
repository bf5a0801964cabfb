// Light or dark: the reader's choice, or the machine's. Runs before the first paint.
{
  const root = document.documentElement;
  const saved = () => { try { return localStorage.getItem("okr.theme"); } catch { return null; } };
  const save = (theme) => { try { localStorage.setItem("okr.theme", theme); } catch { /* private window */ } };
  if (saved()) root.dataset.theme = saved();
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-toggle]")) return;
    const isDark = root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = isDark ? "light" : "dark";
    save(root.dataset.theme);
  });
}
