// Package browser tries the kernel in Jupyter's front ends as a person would:
// in headless Chromium, with real clicks and keys.
//
// Both front ends go through the same trial (trial_test.go). A file of
// JavaScript for each (pages/classic.js, pages/lab.js) gives the page the same
// object nb, whose functions the trial calls: nb.runAll(), nb.cells() and so on.
// Chromium is driven through ChromeDriver's HTTP interface (webdriver_test.go),
// which needs no package of npm.
//
// The trial in classic Jupyter Notebook is part of the ordinary tests, and
// skips with a sentence where Debian's packages are not installed. JupyterLab
// must first be built from its packages: run.sh does that. PICTURES names a
// folder that gets the screenshots.
package browser
