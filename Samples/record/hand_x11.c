// SPDX-License-Identifier: Apache-2.0
//
// A scripted hand for an X11 display: moves, clicks, drags, scrolls and types through XTEST.
//
// Runs in real time and never twice the same. A stroke is a minimum-jerk movement along a curved
// path that misses by an amount growing with its speed, followed by corrections; a tremor of some
// 10 Hz lies over it. Typing has uneven rhythm, overlapping keys, slips and corrections. What it
// does is a model of a hand, not a hand: see Samples/README.md.
#include <X11/XKBlib.h>
#include <X11/Xlib.h>
#include <X11/extensions/XTest.h>
#include <X11/keysym.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static Display *display;
static double width, height;
static double hand_x, hand_y;    // Where the hand is, in pixels and fractions of them.
static int sent_x, sent_y;       // What the mouse reported last.
static double tremor_x, tremor_y, tremor_phase;
static double report_interval = 0.004;
static struct timespec clock_now;

static double uniform(double low, double high) { return low + (high - low) * drand48(); }

static double gaussian(void) {
  return sqrt(-2 * log(1 - drand48())) * cos(2 * M_PI * drand48());
}

// A positive time around `median` seconds with a tail to the long side.
static double lasting(double median, double spread) { return median * exp(spread * gaussian()); }

static int chance(double probability) { return drand48() < probability; }

// Absolute sleeping, so that the time that a report takes does not add up; a hand that a busy
// machine held up by over 20 ms does not catch up.
static void wait_seconds(double seconds) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  double late = (double)(now.tv_sec - clock_now.tv_sec)
              + (double)(now.tv_nsec - clock_now.tv_nsec) / 1e9;
  if (late > 0.02) clock_now = now;
  long nanoseconds = clock_now.tv_nsec + (long)(fmod(seconds, 1) * 1e9);
  clock_now.tv_sec += (time_t)seconds + nanoseconds / 1000000000;
  clock_now.tv_nsec = nanoseconds % 1000000000;
  XFlush(display);
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &clock_now, NULL) == EINTR) continue;
}

static void advance_tremor(void) {
  tremor_phase += 2 * M_PI * report_interval * (9.5 + 1.5 * gaussian());
  tremor_x = 0.97 * tremor_x + 0.10 * gaussian();
  tremor_y = 0.97 * tremor_y + 0.10 * gaussian();
}

// One report of the mouse; like a mouse, silent where nothing moved.
static void report(double tremor) {
  advance_tremor();
  double x = hand_x + tremor * (tremor_x + 0.25 * sin(tremor_phase));
  double y = hand_y + tremor * (tremor_y + 0.25 * cos(1.13 * tremor_phase));
  int new_x = (int)fmin(fmax(x, 0), width - 1), new_y = (int)fmin(fmax(y, 0), height - 1);
  if (new_x != sent_x || new_y != sent_y) {
    XTestFakeMotionEvent(display, -1, new_x, new_y, CurrentTime);
    sent_x = new_x;
    sent_y = new_y;
  }
  // Buses and schedulers are not exact.
  wait_seconds(report_interval * (1 + 0.06 * gaussian()));
}

// The hand rests on the mouse: tremor only, and most of it is under one pixel.
static void rest(double seconds) {
  double tremor = chance(0.3) ? uniform(0.5, 1.2) : 0;
  for (double t = 0; t < seconds; t += report_interval) report(tremor);
}

static double minimum_jerk(double s) { return s * s * s * (10 - 15 * s + 6 * s * s); }

// One movement to a point, bent to one side, in the given time.
static void stroke(double to_x, double to_y, double seconds) {
  double from_x = hand_x, from_y = hand_y, dx = to_x - from_x, dy = to_y - from_y;
  double bend = gaussian() * 0.06, skew = uniform(0.85, 1.15);
  double noise_x = 0, noise_y = 0, before = 0;
  int steps = (int)fmax(seconds / report_interval, 2);
  for (int i = 1; i <= steps; i++) {
    double s = minimum_jerk(pow((double)i / steps, skew));
    double side = bend * sin(M_PI * s);
    // Muscles are noisy in proportion to their force; skin and mat add their share.
    double step = (s - before) * hypot(dx, dy);
    noise_x = 0.8 * noise_x + 0.08 * step * gaussian();
    noise_y = 0.8 * noise_y + 0.08 * step * gaussian();
    before = s;
    hand_x = from_x + dx * s - dy * side + noise_x;
    hand_y = from_y + dy * s + dx * side + noise_y;
    report(1);
  }
}

// Movement time by Fitts' law; the first stroke misses, later ones correct what they can see.
static void reach(double x, double y, double target_size) {
  for (int attempt = 0; attempt < 4; attempt++) {
    double distance = hypot(x - hand_x, y - hand_y);
    if (distance < target_size / 2) return;
    double seconds = 0.09 + 0.11 * log2(distance / target_size + 1);
    double gain = attempt == 0 ? 0.97 + 0.06 * gaussian() : 1 + 0.04 * gaussian();
    double miss = 0.035 * distance * gaussian();
    double angle = atan2(y - hand_y, x - hand_x) + M_PI / 2;
    stroke(hand_x + (x - hand_x) * gain + miss * cos(angle),
           hand_y + (y - hand_y) * gain + miss * sin(angle), lasting(seconds, 0.18));
    if (chance(0.6)) rest(lasting(0.07, 0.5));
  }
}

static void press(unsigned button, Bool down) {
  XTestFakeButtonEvent(display, button, down, CurrentTime);
  XFlush(display);
}

static void click(unsigned button) {
  press(button, True);
  rest(lasting(0.085, 0.25));
  press(button, False);
}

static void double_click(void) {
  click(1);
  rest(lasting(0.11, 0.25));
  click(1);
}

static void drag(void) {
  press(1, True);
  rest(lasting(0.12, 0.3));
  double x = fmin(fmax(hand_x + gaussian() * 260, 10), width - 10);
  double y = fmin(fmax(hand_y + gaussian() * 160, 10), height - 10);
  reach(x, y, 12);
  rest(lasting(0.15, 0.4));
  press(1, False);
}

// A finger on a wheel: bursts of steps that slow down, then the finger goes back.
static void scroll_burst(void) {
  unsigned button = chance(0.7) ? 5 : 4;
  int strokes = 1 + (int)uniform(0, 5);
  for (int i = 0; i < strokes; i++) {
    int steps = 2 + (int)uniform(0, 7);
    double gap = lasting(0.022, 0.4);
    for (int step = 0; step < steps; step++) {
      press(button, True);
      press(button, False);
      rest(gap);
      gap *= uniform(1.02, 1.3);
    }
    rest(lasting(0.22, 0.35));
  }
}

// A point that something one might click on could have: lists at the left, a field in the middle,
// a bar at the top, or anywhere.
static void choose_target(double *x, double *y, double *size) {
  double choice = drand48();
  *size = 24;
  if (choice < 0.3) {
    *x = uniform(20, 220), *y = 90 + 28 * floor(uniform(0, 20));
  } else if (choice < 0.5) {
    *x = 40 + 90 * floor(uniform(0, 10)), *y = uniform(8, 28), *size = 20;
  } else if (choice < 0.8) {
    *x = uniform(280, width - 60), *y = uniform(120, height - 80), *size = 40;
  } else {
    *x = uniform(10, width - 10), *y = uniform(10, height - 10), *size = 14;
  }
}

static void point_somewhere(void) {
  double x, y, size;
  choose_target(&x, &y, &size);
  reach(x, y, size);
  rest(lasting(0.2, 0.6));
  double choice = drand48();
  if (choice < 0.50) click(1);
  else if (choice < 0.60) double_click();
  else if (choice < 0.66) click(3);
  else if (choice < 0.78) drag();
  else if (choice < 0.88) scroll_burst();
  rest(lasting(0.35, 0.8));
}

// The eyes read and the hand wanders along.
static void follow_text(void) {
  int lines = 3 + (int)uniform(0, 5);
  double left = uniform(260, 320), y = uniform(120, 320);
  reach(left, y, 40);
  for (int line = 0; line < lines; line++, y += 22) {
    double speed = uniform(0.9, 1.8);
    stroke(left + uniform(380, 620), y + gaussian() * 3, speed);
    rest(lasting(0.12, 0.5));
    stroke(left + gaussian() * 12, y + 22 + gaussian() * 4, uniform(0.25, 0.45));
  }
}

typedef struct {
  double time;
  KeyCode code;
  Bool down;
} key_action;

static key_action actions[4096];
static int action_count;
static double typing_time;

static void schedule(double time, KeyCode code, Bool down) {
  int at = action_count++;
  for (; at > 0 && actions[at - 1].time > time; at--) actions[at] = actions[at - 1];
  actions[at] = (key_action){time, code, down};
}

static void schedule_symbol(KeySym symbol, double pace) {
  KeyCode code = XKeysymToKeycode(display, symbol);
  if (!code || action_count > 4000) return;
  int shifted = XkbKeycodeToKeysym(display, code, 0, 0) != symbol;
  KeyCode shift = XKeysymToKeycode(display, chance(0.8) ? XK_Shift_L : XK_Shift_R);
  if (shifted) schedule(typing_time - uniform(0.05, 0.14), shift, True);
  double hold = lasting(0.088, 0.22);
  // A key that is still down when it is wanted again goes up first.
  for (int i = action_count - 1; i >= 0; i--)
    if (actions[i].code == code && !actions[i].down && actions[i].time >= typing_time)
      typing_time = actions[i].time + uniform(0.03, 0.06);
  schedule(typing_time, code, True);
  schedule(typing_time + hold, code, False);
  if (shifted) {
    typing_time += hold;
    schedule(typing_time + uniform(0.005, 0.03), shift, False);
    typing_time += 0.035;
  }
  typing_time += lasting(pace, 0.28);
}

static double pace_after(char before, char now) {
  static const char left_hand[] = "qwertasdfgzxcvb";
  if (before == now) return 0.155;
  if (now == ' ') return 0.115;
  if (before == ' ') return 0.135;
  int alternates = (strchr(left_hand, before) != NULL) != (strchr(left_hand, now) != NULL);
  return alternates ? 0.105 : 0.145;
}

static void schedule_word(const char *word) {
  char before = ' ';
  for (const char *c = word; *c; before = *c++) {
    if (chance(0.02) && *c >= 'a' && *c <= 'y') {
      schedule_symbol((KeySym)(*c + 1), 0.12);
      typing_time += lasting(0.25, 0.4);
      schedule_symbol(XK_BackSpace, 0.17);
    }
    schedule_symbol((KeySym)(unsigned char)*c, pace_after(before, *c));
  }
  schedule_symbol(XK_space, 0.12);
  if (chance(0.12)) typing_time += lasting(0.6, 0.6);
}

static void perform_typing(void) {
  double now = 0;
  for (int i = 0; i < action_count; i++) {
    double until = fmax(actions[i].time, now);
    wait_seconds(until - now);
    now = until;
    XTestFakeKeyEvent(display, actions[i].code, actions[i].down, CurrentTime);
  }
  XFlush(display);
  action_count = 0;
}

// Holds a key until the server repeats it.
static void hold_key(KeySym symbol, double seconds) {
  KeyCode code = XKeysymToKeycode(display, symbol);
  XTestFakeKeyEvent(display, code, True, CurrentTime);
  wait_seconds(seconds);
  XTestFakeKeyEvent(display, code, False, CurrentTime);
  XFlush(display);
}

static void type_text(void) {
  static const char *const sentences[] = {
    "A recording is blocks and metadata of one capture",
    "The reader verifies what the index claims and falls back to scanning",
    "Every gap says what is missing and why",
    "Units go last and positions are counted from the start of the file",
    "Please send the report on Thursday before noon",
    "make test && git status --short",
    "Nothing is allocated from a number that nobody has checked",
    "for line in text do print line done",
  };
  wait_seconds(lasting(0.6, 0.25));  // The hand goes to the keyboard.
  char copy[128];
  snprintf(copy, sizeof copy, "%s",
           sentences[(int)uniform(0, sizeof sentences / sizeof *sentences)]);
  typing_time = 0.2;
  for (char *word = strtok(copy, " "); word; word = strtok(NULL, " ")) schedule_word(word);
  if (chance(0.7)) schedule_symbol(XK_Return, 0.2);
  perform_typing();
  wait_seconds(0.2);
  if (chance(0.25)) hold_key(chance(0.5) ? XK_BackSpace : XK_Down, uniform(0.9, 1.6));
  wait_seconds(lasting(0.7, 0.25));  // And back to the mouse.
}

static double elapsed_since(const struct timespec *start) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)(now.tv_sec - start->tv_sec) + (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

int main(int argument_count, char **arguments) {
  double seconds = argument_count > 1 ? atof(arguments[1]) : 60;
  double rate = argument_count > 2 ? atof(arguments[2]) : 250;
  display = XOpenDisplay(NULL);
  if (!display || seconds <= 0 || rate <= 0) {
    fprintf(stderr, "usage: hand_x11 SECONDS [REPORTS-PER-SECOND], with an X11 display\n");
    return 64;
  }
  report_interval = 1 / rate;
  width = DisplayWidth(display, DefaultScreen(display));
  height = DisplayHeight(display, DefaultScreen(display));
  hand_x = width / 2;
  hand_y = height / 2;
  struct timespec start;
  clock_gettime(CLOCK_MONOTONIC, &start);
  srand48(start.tv_nsec ^ start.tv_sec);
  clock_now = start;
  while (elapsed_since(&start) < seconds) {
    double choice = drand48();
    if (choice < 0.68) point_somewhere();
    else if (choice < 0.82) follow_text();
    else type_text();
  }
  XSync(display, False);
  XCloseDisplay(display);
  return 0;
}
