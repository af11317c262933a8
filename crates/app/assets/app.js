// Makes the pages nicer; every one of them works without it.
"use strict";

// Running timers: data-running holds the Unix seconds at which the time worked began to run.
function showTimers() {
  for (const timer of document.querySelectorAll("[data-running]")) {
    const began = Number(timer.dataset.running);
    const minutes = Math.max(0, Math.floor((Date.now() / 1000 - began) / 60));
    timer.textContent = minutes < 60 ? minutes + " min" : Math.floor(minutes / 60) + ":" + String(minutes % 60).padStart(2, "0");
  }
}
showTimers();
setInterval(showTimers, 15000);

// A slider shows its value.
for (const slider of document.querySelectorAll("input[type=range]")) {
  const output = slider.parentElement.querySelector("output");
  if (output) slider.addEventListener("input", () => { output.textContent = slider.value; });
}

// What cannot be undone asks first.
for (const form of document.querySelectorAll("form[data-confirm]")) {
  form.addEventListener("submit", (event) => {
    if (!window.confirm(form.dataset.confirm)) event.preventDefault();
  });
}

// A link to an entry of the glossary opens it.
function openTarget() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target instanceof HTMLDetailsElement) {
    target.open = true;
    target.scrollIntoView();
  }
}
openTarget();
window.addEventListener("hashchange", openTarget);
