// SPDX-License-Identifier: Apache-2.0
//
// A capture agent in Rust, without crates: records a mouse, then reads the recording back.
//
//   rustc -O agent.rs $(pkg-config --libs-only-L inputtape) && ./agent session.itape

use std::ffi::{c_char, CStr, CString};
use std::fmt;

/// The part of inputtape.h that this agent needs.
mod ffi {
    use std::ffi::{c_char, c_void};

    pub const DOWN: i32 = 1;
    pub const UP: i32 = 0;
    pub const MOTION: u8 = 1;
    pub const KEY: u8 = 5;
    pub const REPLACE: u32 = 1;
    pub const OK: i32 = 0;
    pub const ABI_VERSION: u32 = 0;

    #[repr(C)]
    pub struct WriterOptions {
        pub struct_size: usize,
        pub flush_interval: i64,
        pub sync_interval: i64,
        pub flags: u32,
        pub preset: u32,
        pub compression: u32,
        pub compression_level: i32,
        pub threads: u32,
        pub events_per_block: u32,
        pub recording_id: [u8; 16],
        pub segment_bytes: u64,
        pub segment_age: i64,
        pub notice: Option<extern "C" fn(*mut c_void, *const c_void)>,
        pub notice_context: *mut c_void,
    }

    #[repr(C)]
    pub struct Statistics {
        pub struct_size: usize,
        pub written_events: u64,
        pub dropped_events: u64,
        pub lost_events: u64,
        pub refused_events: u64,
        pub blocks: u64,
        pub bytes: u64,
        pub segments: u64,
    }

    /// The fields are a union in C; this agent looks at the numbers of motions and keys alone.
    #[repr(C)]
    #[derive(Clone, Copy)]
    pub struct Event {
        pub time: i64,
        pub track: u16,
        pub kind: u8,
        pub reserved: [u8; 5],
        pub fields: [i32; 16],
    }

    #[link(name = "inputtape")]
    extern "C" {
        pub fn itape_abi_version() -> u32;
        pub fn itape_status_string(status: i32) -> *const c_char;
        pub fn itape_error_text(buffer: *mut c_char, capacity: usize) -> usize;
        pub fn itape_writer_open(
            path: *const c_char, options: *const WriterOptions, writer: *mut *mut c_void,
        ) -> i32;
        pub fn itape_writer_motion(
            writer: *mut c_void, track: u16, time: i64, x: i32, y: i32,
        ) -> i32;
        pub fn itape_writer_key(
            writer: *mut c_void, track: u16, time: i64, code: u32, state: i32,
        ) -> i32;
        pub fn itape_writer_finish(writer: *mut c_void, statistics: *mut Statistics) -> i32;
        pub fn itape_writer_close(writer: *mut c_void);
        pub fn itape_reader_open(
            path: *const c_char, flags: u32, reader: *mut *mut c_void,
        ) -> i32;
        pub fn itape_reader_close(reader: *mut c_void);
        pub fn itape_reader_open_cursor(
            reader: *mut c_void, filter: *const c_void, cursor: *mut *mut c_void,
        ) -> i32;
        pub fn itape_cursor_read(
            cursor: *mut c_void, events: *mut Event, capacity: usize, event_size: usize,
            count: *mut usize,
        ) -> i32;
        pub fn itape_cursor_close(cursor: *mut c_void);
    }
}

/// A call failed: its status, and a sentence for people.
struct Failure(String);

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result { formatter.write_str(&self.0) }
}

/// An error where a status is one; otherwise the status.
fn check(status: i32) -> Result<i32, Failure> {
    if (0..10).contains(&status) { return Ok(status) }
    let mut text = [0 as c_char; 256];
    // The library ends both texts with 0.
    let (name, detail) = unsafe {
        ffi::itape_error_text(text.as_mut_ptr(), text.len());
        (CStr::from_ptr(ffi::itape_status_string(status)), CStr::from_ptr(text.as_ptr()))
    };
    Err(Failure(format!("{}: {}", name.to_string_lossy(), detail.to_string_lossy())))
}

fn path_of(path: &str) -> Result<CString, Failure> {
    CString::new(path).map_err(|_| Failure("a path has no zero in it".to_string()))
}

/// Writes a recording; one that is dropped without `finish` reads to its last flushed block.
struct Writer(*mut std::ffi::c_void);

impl Writer {
    fn open(path: &str) -> Result<Writer, Failure> {
        // Zero stands for the default everywhere.
        let mut options: ffi::WriterOptions = unsafe { std::mem::zeroed() };
        options.struct_size = std::mem::size_of::<ffi::WriterOptions>();
        options.flush_interval = 1_000_000_000; // kill -9 costs a second at most
        options.flags = ffi::REPLACE;
        let path = path_of(path)?;
        let mut writer = std::ptr::null_mut();
        check(unsafe { ffi::itape_writer_open(path.as_ptr(), &options, &mut writer) })?;
        Ok(Writer(writer))
    }

    // `&mut self`: one thread at a time appends.
    fn motion(&mut self, track: u16, time: i64, x: i32, y: i32) -> Result<i32, Failure> {
        check(unsafe { ffi::itape_writer_motion(self.0, track, time, x, y) })
    }

    fn key(&mut self, track: u16, time: i64, code: u32, state: i32) -> Result<i32, Failure> {
        check(unsafe { ffi::itape_writer_key(self.0, track, time, code, state) })
    }

    fn finish(self) -> Result<ffi::Statistics, Failure> {
        let mut statistics: ffi::Statistics = unsafe { std::mem::zeroed() };
        statistics.struct_size = std::mem::size_of::<ffi::Statistics>();
        check(unsafe { ffi::itape_writer_finish(self.0, &mut statistics) })?;
        Ok(statistics)
    }
}

impl Drop for Writer {
    fn drop(&mut self) { unsafe { ffi::itape_writer_close(self.0) } }
}

// A handle may go to another thread, but is used by one at a time.
unsafe impl Send for Writer {}

fn record(path: &str) -> Result<(), Failure> {
    let mut writer = Writer::open(path)?;
    // The thread of a device's callback.
    let statistics = std::thread::spawn(move || {
        for number in 0..1_000 {
            let time = i64::from(number) * 1_000_000;
            writer.motion(0, time, 400 + number % 300, 300 + number % 200)?;
            if number % 500 == 100 { writer.key(1, time, 30, ffi::DOWN)?; }
            if number % 500 == 200 { writer.key(1, time, 30, ffi::UP)?; }
        }
        writer.finish()
    });
    let statistics = statistics.join().map_err(|_| Failure("a thread failed".to_string()))??;
    println!("{} events, blocks: {}", statistics.written_events, statistics.blocks);
    Ok(())
}

fn show(path: &str) -> Result<(), Failure> {
    let path = path_of(path)?;
    let mut reader = std::ptr::null_mut();
    check(unsafe { ffi::itape_reader_open(path.as_ptr(), 0, &mut reader) })?;
    let mut cursor = std::ptr::null_mut();
    let opened =
        check(unsafe { ffi::itape_reader_open_cursor(reader, std::ptr::null(), &mut cursor) });
    // The cursor does not need its reader any more.
    unsafe { ffi::itape_reader_close(reader) };
    opened?;
    let empty = ffi::Event { time: 0, track: 0, kind: 0, reserved: [0; 5], fields: [0; 16] };
    let mut events = [empty; 256];
    let (mut motions, mut keys, mut sum) = (0, 0, 0i64);
    let result = loop {
        let mut count = 0;
        let size = std::mem::size_of::<ffi::Event>();
        let status = check(unsafe {
            ffi::itape_cursor_read(cursor, events.as_mut_ptr(), events.len(), size, &mut count)
        });
        match status {
            Ok(ffi::OK) => {}
            other => break other,
        }
        for event in &events[..count] {
            match event.kind {
                ffi::MOTION => {
                    motions += 1;
                    sum += i64::from(event.fields[0]);
                }
                ffi::KEY => keys += 1,
                _ => {}
            }
        }
    };
    unsafe { ffi::itape_cursor_close(cursor) };
    result?;
    println!("{motions} motions, {keys} keys, sum of x: {sum}");
    Ok(())
}

fn main() {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("usage: agent FILE");
        std::process::exit(64);
    };
    if unsafe { ffi::itape_abi_version() } != ffi::ABI_VERSION {
        eprintln!("the library has another ABI than this program");
        std::process::exit(1);
    }
    if let Err(failure) = record(&path).and_then(|()| show(&path)) {
        eprintln!("{failure}");
        std::process::exit(1);
    }
}
