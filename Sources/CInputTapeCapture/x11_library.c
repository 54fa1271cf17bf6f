// SPDX-License-Identifier: Apache-2.0
//
// Looks for the libraries of X at run time.
#include "x11_library.h"

#include <dlfcn.h>
#include <string.h>

static void *open_library(const char *const *names) {
  for (; *names; names++) {
    void *handle = dlopen(*names, RTLD_NOW | RTLD_LOCAL);
    if (handle) return handle;
  }
  return NULL;
}

static int find(void *handle, const char *name, void *place) {
  void *symbol = dlsym(handle, name);
  if (!symbol) return 0;
  memcpy(place, &symbol, sizeof symbol);
  return 1;
}

#define FIND(handle, name) find(handle, #name, &library->name)

static int find_display_functions(void *handle, x11_library *library) {
  FIND(handle, XSetIOErrorExitHandler);
  return FIND(handle, XOpenDisplay) && FIND(handle, XCloseDisplay)
         && FIND(handle, XConnectionNumber) && FIND(handle, XDefaultRootWindow)
         && FIND(handle, XDefaultScreen) && FIND(handle, XDisplayWidth)
         && FIND(handle, XDisplayHeight) && FIND(handle, XPending) && FIND(handle, XNextEvent)
         && FIND(handle, XGetEventData) && FIND(handle, XFreeEventData)
         && FIND(handle, XQueryExtension) && FIND(handle, XSelectInput)
         && FIND(handle, XInternAtom) && FIND(handle, XGetWindowProperty)
         && FIND(handle, XGetInputFocus) && FIND(handle, XQueryTree)
         && FIND(handle, XGetGeometry) && FIND(handle, XTranslateCoordinates)
         && FIND(handle, XQueryPointer) && FIND(handle, XFree) && FIND(handle, XFlush)
         && FIND(handle, XSync) && FIND(handle, XSetErrorHandler)
         && FIND(handle, XSetIOErrorHandler);
}

itape_x11_status x11_load(x11_library *library, int sends) {
  static const char *const x11[] = {"libX11.so.6", "libX11.so", NULL};
  static const char *const xi[] = {"libXi.so.6", "libXi.so", NULL};
  static const char *const xtst[] = {"libXtst.so.6", "libXtst.so", NULL};
  memset(library, 0, sizeof *library);
  void *handle = open_library(x11);
  if (!handle || !find_display_functions(handle, library)) return ITAPE_X11_NO_LIBRARY;
  if (sends) {
    handle = open_library(xtst);
    return handle && FIND(handle, XTestQueryExtension) && FIND(handle, XTestFakeMotionEvent)
                   && FIND(handle, XTestFakeRelativeMotionEvent)
                   && FIND(handle, XTestFakeButtonEvent) && FIND(handle, XTestFakeKeyEvent)
               ? ITAPE_X11_FINE
               : ITAPE_X11_NO_XTEST;
  }
  handle = open_library(xi);
  return handle && FIND(handle, XISelectEvents) && FIND(handle, XIQueryVersion)
                 && FIND(handle, XIQueryDevice) && FIND(handle, XIFreeDeviceInfo)
             ? ITAPE_X11_FINE
             : ITAPE_X11_NO_XINPUT;
}
