//! GeoJSON (RFC 7946): one point an event that has coordinates.

use super::Writer;
use super::gate::Told;
use crate::error::Result;
use crate::frame::{Out, unwritable};
use crate::query::EventRow;
use serde_json::json;
use std::io::{BufWriter, Write};

pub struct Geojson<'a> {
    out: BufWriter<Out<'a>>,
    first: bool,
}

impl<'a> Geojson<'a> {
    pub fn new(out: Out<'a>) -> Result<Self> {
        let mut out = BufWriter::with_capacity(1 << 16, out);
        out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[").map_err(|e| unwritable(&e))?;
        Ok(Geojson { out, first: true })
    }
}

impl Writer for Geojson<'_> {
    fn event(&mut self, told: &Told<'_>) -> Result<u64> {
        let e = told.e;
        let (Some(lat), Some(lon)) = (e.place.lat, e.place.lon) else { return Ok(0) };
        let feature = json!({
            "type": "Feature",
            "id": e.id,
            "geometry": {"type": "Point", "coordinates": [lon, lat]},
            "properties": {
                "date": told.start, "date_end": told.start.and(e.day_end.as_deref()), "type": told.kind.as_str(), "mode": told.mode,
                "cameo": told.cameo, "quad": told.quad, "goldstein": told.goldstein, "status": e.status.as_str(), "time": e.time,
                "source": EventRow::codes(&e.source), "source_name": EventRow::names(&e.source), "target": EventRow::codes(&e.target),
                "target_name": EventRow::names(&e.target), "place": e.place.name, "country": e.place.country, "place_precision": e.place.precision,
                "confidence": e.confidence, "report": e.report, "outlet": e.outlet, "url": e.url,
            },
        });
        let comma: &[u8] = if std::mem::take(&mut self.first) { b"\n" } else { b",\n" };
        let written = self.out.write_all(comma).and_then(|()| self.out.write_all(feature.to_string().as_bytes()));
        written.map(|()| 1).map_err(|e| unwritable(&e))
    }
    fn finish(&mut self) -> Result<()> {
        self.out.write_all(b"\n]}\n").and_then(|()| self.out.flush()).map_err(|e| unwritable(&e))
    }
}
